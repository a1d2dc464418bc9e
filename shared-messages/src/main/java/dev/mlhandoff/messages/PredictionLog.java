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
 * @param entityKeyHash tells entities apart without naming them; absent where none was named
 * @param latencyMs from the request's arrival to the answer, in milliseconds
 * @param failedVersion the version that should have answered and failed; another stood in
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
    boolean decision,
    @Nullable Double latencyMs,
    @Nullable String failedVersion) {}
