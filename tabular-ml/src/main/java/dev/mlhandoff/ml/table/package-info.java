/** Raw rows, column by column, as features arrive before anything is fitted. */
@NullMarked
package dev.mlhandoff.ml.table;

import org.jspecify.annotations.NullMarked;
