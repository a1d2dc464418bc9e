@NullMarked
package dev.mlhandoff.ml.drift;

import org.jspecify.annotations.NullMarked;
