/** Which version answers, and what a valid record is. Plain Java. */
@NullMarked
package dev.mlhandoff.ior.serving;

import org.jspecify.annotations.NullMarked;
