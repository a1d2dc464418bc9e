/** Who the personas say they are. */
@NullMarked
package dev.mlhandoff.e2e.persona;

import org.jspecify.annotations.NullMarked;
