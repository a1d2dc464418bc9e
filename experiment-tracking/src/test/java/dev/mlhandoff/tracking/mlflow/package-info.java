@NullMarked
package dev.mlhandoff.tracking.mlflow;

import org.jspecify.annotations.NullMarked;
