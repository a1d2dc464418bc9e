/** A bundle is read back exactly, or not at all. */
@NullMarked
package dev.mlhandoff.ml.bundle;

import org.jspecify.annotations.NullMarked;
