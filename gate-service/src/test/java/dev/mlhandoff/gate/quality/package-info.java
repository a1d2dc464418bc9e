/** The gate's rules against evidence whose scores are known by hand. */
@NullMarked
package dev.mlhandoff.gate.quality;

import org.jspecify.annotations.NullMarked;
