/** Scores and rules of the quality gate, in plain Java. */
@NullMarked
package dev.mlhandoff.gate.quality;

import org.jspecify.annotations.NullMarked;
