/** Services in JVMs of their own. */
@NullMarked
package dev.mlhandoff.e2e.process;

import org.jspecify.annotations.NullMarked;
