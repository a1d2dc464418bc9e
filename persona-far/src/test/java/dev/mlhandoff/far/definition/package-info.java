@NullMarked
package dev.mlhandoff.far.definition;

import org.jspecify.annotations.NullMarked;
