/** Tests of the candidate features. */
@NullMarked
package dev.mlhandoff.far.features;

import org.jspecify.annotations.NullMarked;
