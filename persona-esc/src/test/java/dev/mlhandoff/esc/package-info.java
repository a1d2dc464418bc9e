/** What ESC says of its work. */
@NullMarked
package dev.mlhandoff.esc;

import org.jspecify.annotations.NullMarked;
