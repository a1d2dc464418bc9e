/** What is served: pipeline, model, calibration and threshold in one verified file. */
@NullMarked
package dev.mlhandoff.ml.bundle;

import org.jspecify.annotations.NullMarked;
