/**
 * What an experiment tracker should know: written to a journal, replayed into MLflow. Plain Java.
 */
@NullMarked
package dev.mlhandoff.tracking;

import org.jspecify.annotations.NullMarked;
