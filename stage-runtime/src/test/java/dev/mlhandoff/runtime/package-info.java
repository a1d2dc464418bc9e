/** The shell over a real broker. */
@NullMarked
package dev.mlhandoff.runtime;

import org.jspecify.annotations.NullMarked;
