/** Intervals that may be looked at after every observation and still cover as stated. */
@NullMarked
package dev.mlhandoff.ml.sequential;

import org.jspecify.annotations.NullMarked;
