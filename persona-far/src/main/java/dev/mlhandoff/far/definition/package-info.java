/** Makes features of what the operator declares. */
@NullMarked
package dev.mlhandoff.far.definition;

import org.jspecify.annotations.NullMarked;
