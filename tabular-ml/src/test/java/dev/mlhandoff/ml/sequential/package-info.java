@NullMarked
package dev.mlhandoff.ml.sequential;

import org.jspecify.annotations.NullMarked;
