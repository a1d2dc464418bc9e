package dev.mlhandoff.ior;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.mlhandoff.ior.serving.Explanation;
import dev.mlhandoff.ior.serving.RecordValidator.Violation;
import java.time.Instant;
import java.util.List;
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
 * @param warnings in what the record is unlike anything that training saw; absent if in nothing
 * @param explanation where the probability comes from; absent if not asked for
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
    @Nullable Boolean stale,
    @Nullable List<Violation> warnings,
    @Nullable Explanation explanation) {}
