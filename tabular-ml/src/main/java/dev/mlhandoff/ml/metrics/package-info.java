/** Metrics of binary classification, judged against their definitions. */
@NullMarked
package dev.mlhandoff.ml.metrics;

import org.jspecify.annotations.NullMarked;
