/** Tests of FAR. */
@NullMarked
package dev.mlhandoff.far;

import org.jspecify.annotations.NullMarked;
