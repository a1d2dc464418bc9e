/** Folds the events of a run into its record, its card and its one outcome. */
@NullMarked
package dev.mlhandoff.card;

import org.jspecify.annotations.NullMarked;
