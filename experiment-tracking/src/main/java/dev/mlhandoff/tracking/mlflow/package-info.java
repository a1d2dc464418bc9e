/** A small client of MLflow's REST API, with its limits. */
@NullMarked
package dev.mlhandoff.tracking.mlflow;

import org.jspecify.annotations.NullMarked;
