/** FAR, the feature architect: computes candidate features and keeps them for serving. */
@NullMarked
package dev.mlhandoff.far;

import org.jspecify.annotations.NullMarked;
