/** ESC, the experiment scientist: trains, compares and selects models. */
@NullMarked
package dev.mlhandoff.esc;

import org.jspecify.annotations.NullMarked;
