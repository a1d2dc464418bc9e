@NullMarked
package dev.mlhandoff.mos;

import org.jspecify.annotations.NullMarked;
