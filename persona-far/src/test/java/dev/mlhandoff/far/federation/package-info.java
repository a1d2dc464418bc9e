/** Tests of imported features. */
@NullMarked
package dev.mlhandoff.far.federation;

import org.jspecify.annotations.NullMarked;
