/** The quality gate: judges a training attempt by evidence that it computes itself. */
@NullMarked
package dev.mlhandoff.gate;

import org.jspecify.annotations.NullMarked;
