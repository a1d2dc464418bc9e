package dev.mlhandoff.esc.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sign that the target is known where it should not be. The run goes on, flagged.
 *
 * @param canary {@code single_feature}, {@code shuffled_target} or {@code entity_in_two_folds}
 * @param feature the candidate feature, for a single feature
 * @param sources the columns of the data that the feature is computed from, as far as known
 * @param value what was measured
 * @param limit what it should not have passed
 * @param message a sentence for the reader
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LeakAlarm(
    String canary,
    @Nullable String feature,
    List<String> sources,
    double value,
    double limit,
    String message) {}
