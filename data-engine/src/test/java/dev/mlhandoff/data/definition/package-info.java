@NullMarked
package dev.mlhandoff.data.definition;

import org.jspecify.annotations.NullMarked;
