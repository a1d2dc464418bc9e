@NullMarked
package dev.mlhandoff.runtime.access;

import org.jspecify.annotations.NullMarked;
