package dev.mlhandoff.tracking.mlflow;

import java.util.Set;
import java.util.SortedMap;

/**
 * A run as a tracking server knows it.
 *
 * @param id given by the server
 * @param isFinished whether its last status says that it is complete
 * @param artifactUri where the server keeps its artifacts
 * @param metrics names of the metrics that it has at least one value of
 */
public record TrackedRun(
    String id,
    boolean isFinished,
    String artifactUri,
    SortedMap<String, String> tags,
    Set<String> metrics) {}
