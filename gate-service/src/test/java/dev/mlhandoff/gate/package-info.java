/** Where each verdict sends a run. */
@NullMarked
package dev.mlhandoff.gate;

import org.jspecify.annotations.NullMarked;
