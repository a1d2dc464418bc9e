package dev.mlhandoff.mos.monitoring;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A logged prediction and, once it is known, its true outcome.
 *
 * @param arrived rises with every prediction that was stored, over all models
 * @param features the raw features that were scored; null is missing
 * @param probability in [0, 1]
 * @param latencyMs in milliseconds
 * @param failedVersion the version that should have answered; {@code version} stood in
 * @param labelled rises with every outcome that was stored; null while there is none
 */
public record PredictionRecord(
    long arrived,
    String predictionId,
    String modelId,
    String version,
    String arm,
    @Nullable String entityKeyHash,
    Map<String, @Nullable Object> features,
    double probability,
    boolean decision,
    @Nullable Double latencyMs,
    @Nullable String failedVersion,
    boolean replay,
    Instant predictedAt,
    @Nullable Boolean outcome,
    @Nullable Instant outcomeAt,
    @Nullable Long labelled) {}
