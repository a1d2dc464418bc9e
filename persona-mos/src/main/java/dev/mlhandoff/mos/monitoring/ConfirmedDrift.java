package dev.mlhandoff.mos.monitoring;

import java.time.Instant;
import java.util.List;
import java.util.SortedMap;

/**
 * Two windows that follow each other found the same: what production sees, or how well it is
 * predicted, is no longer what it was in training.
 *
 * @param id the same at every delivery of it
 * @param runId the run that made the version
 * @param subjects features, {@link Reference#SCORE} or {@link QualityReference#QUALITY}
 * @param statistics what decided, by subject and test
 * @param afterArrived the two windows hold predictions that arrived after this one
 * @param upToArrived up to this one
 */
public record ConfirmedDrift(
    String id,
    String modelId,
    String version,
    String runId,
    Instant at,
    String reason,
    List<String> subjects,
    SortedMap<String, Double> statistics,
    long afterArrived,
    long upToArrived) {}
