package dev.mlhandoff.messages;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What really happened after a prediction, on {@code prediction.labels.v1} under the prediction id;
 * published by users, in any order and as often as they like: the first one counts.
 *
 * @param outcome whether the predicted event happened
 * @param at when it was known; the record's time if left out
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PredictionLabel(String predictionId, boolean outcome, @Nullable Instant at) {}
