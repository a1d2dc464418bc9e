/** Metrics against values computed by hand. */
@NullMarked
package dev.mlhandoff.ml.metrics;

import org.jspecify.annotations.NullMarked;
