@NullMarked
package dev.mlhandoff.gate.governance;

import org.jspecify.annotations.NullMarked;
