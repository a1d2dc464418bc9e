/** MOS, the model-ops steward: brings versions into production step by step. */
@NullMarked
package dev.mlhandoff.mos;

import org.jspecify.annotations.NullMarked;
