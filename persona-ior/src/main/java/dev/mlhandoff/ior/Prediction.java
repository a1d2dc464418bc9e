package dev.mlhandoff.ior;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One answer.
 *
 * @param probability calibrated, in [0, 1]
 * @param decision whether the probability reaches the version's threshold
 * @param featureDigest names the feature pipeline's output that the version was trained on
 * @param arm the route that answered, for example {@code production}
 * @param featuresWrittenAt when the looked-up features were written; absent for raw records
 * @param stale whether they are older than the stated limit; absent for raw records
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Prediction(
    String predictionId,
    @Nullable String entity,
    double probability,
    boolean decision,
    String version,
    String featureDigest,
    String arm,
    @Nullable Instant featuresWrittenAt,
    @Nullable Boolean stale) {}
