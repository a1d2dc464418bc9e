package dev.mlhandoff.tracking.mlflow;

/**
 * A value of a run's metric.
 *
 * @param step the fold, from 0
 * @param value may be infinite or not a number
 */
public record MetricValue(String name, int step, double value) {}
