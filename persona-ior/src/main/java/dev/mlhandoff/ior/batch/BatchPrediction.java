package dev.mlhandoff.ior.batch;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of a batch.
 *
 * @param probability calibrated, in [0, 1]; null if the entity's features break a rule
 * @param decision whether the probability reaches the version's threshold
 * @param stale whether the features are older than the stated limit
 * @param featuresWrittenAt when they were written
 * @param warnings JSON of what the features are unlike anything that training saw in; null if none
 * @param violations JSON of the broken rules; null if none
 */
public record BatchPrediction(
    String entity,
    @Nullable Double probability,
    @Nullable Boolean decision,
    boolean stale,
    Instant featuresWrittenAt,
    @Nullable String warnings,
    @Nullable String violations) {}
