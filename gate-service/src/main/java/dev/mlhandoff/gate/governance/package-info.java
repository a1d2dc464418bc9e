/** Checks of the governance gate and the statistics behind them, in plain Java. */
@NullMarked
package dev.mlhandoff.gate.governance;

import org.jspecify.annotations.NullMarked;
