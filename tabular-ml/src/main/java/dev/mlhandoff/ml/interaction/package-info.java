/** Pairs of numeric columns that together say more than their separate effects. */
@NullMarked
package dev.mlhandoff.ml.interaction;

import org.jspecify.annotations.NullMarked;
