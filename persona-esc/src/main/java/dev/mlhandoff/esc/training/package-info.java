/** The experiment itself: cross-validation, comparison and selection. Plain Java. */
@NullMarked
package dev.mlhandoff.esc.training;

import org.jspecify.annotations.NullMarked;
