/** Experiments whose right answer is known beforehand. */
@NullMarked
package dev.mlhandoff.esc.training;

import org.jspecify.annotations.NullMarked;
