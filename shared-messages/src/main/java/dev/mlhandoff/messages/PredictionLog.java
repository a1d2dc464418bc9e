package dev.mlhandoff.messages;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One answered prediction, on {@code predictions.v1} under its prediction id; free of personal
 * data.
 *
 * @param features the raw features that were scored, by name
 * @param probability in [0, 1]
 * @param decision whether the probability reached the version's threshold
 * @param arm the route that answered, for example {@code production}
 * @param replay whether the request was sent by a canary's replay; left out of monitoring
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PredictionLog(
    String predictionId,
    Instant at,
    String modelId,
    String version,
    String featureDigest,
    String arm,
    boolean replay,
    @Nullable String entityKeyHash,
    Map<String, @Nullable Object> features,
    double probability,
    boolean decision) {}
