/** The fitted feature pipeline: imputation, caps, encoding, selection, scaling. */
@NullMarked
package dev.mlhandoff.ml.pipeline;

import org.jspecify.annotations.NullMarked;
