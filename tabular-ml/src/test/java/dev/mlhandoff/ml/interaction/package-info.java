/** Tests of the search for interactions. */
@NullMarked
package dev.mlhandoff.ml.interaction;

import org.jspecify.annotations.NullMarked;
