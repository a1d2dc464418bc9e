/** Rules of the architecture. */
@NullMarked
package dev.mlhandoff.e2e.architecture;

import org.jspecify.annotations.NullMarked;
