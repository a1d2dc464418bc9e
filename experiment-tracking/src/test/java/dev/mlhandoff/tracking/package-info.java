@NullMarked
package dev.mlhandoff.tracking;

import org.jspecify.annotations.NullMarked;
