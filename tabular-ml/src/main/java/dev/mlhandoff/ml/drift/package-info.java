/** Tests whether a window of rows looks like the rows a model was trained on. Plain Java. */
@NullMarked
package dev.mlhandoff.ml.drift;

import org.jspecify.annotations.NullMarked;
