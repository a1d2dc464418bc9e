/** Both gates over real runs: what they stop, what they let on, and what a human changes. */
@NullMarked
package dev.mlhandoff.e2e.governance;

import org.jspecify.annotations.NullMarked;
