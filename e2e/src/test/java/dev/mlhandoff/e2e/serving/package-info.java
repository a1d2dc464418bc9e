/** How much IOR answers, and what it does when it is asked for more. */
@NullMarked
package dev.mlhandoff.e2e.serving;

import org.jspecify.annotations.NullMarked;
