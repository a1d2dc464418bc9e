package dev.mlhandoff.messages;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a trial. That it failed is an answer too: only the baseline's failure ends a run.
 *
 * @param metrics of the scored fold, by name; empty if it failed
 * @param predictions probabilities of the scored fold's rows, in the order of the feature table
 * @param failure why there are no predictions
 * @param worker the replica that trained
 * @param trainingMs time of training alone
 * @param predictionMicros median time of a single-row prediction
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrialResult(
    Trial trial,
    Status status,
    SortedMap<String, Double> metrics,
    @Nullable ArtifactRef predictions,
    @Nullable Failure failure,
    String worker,
    double trainingMs,
    double predictionMicros) {

  /** Whether there are predictions. */
  public enum Status {
    COMPLETED,
    FAILED
  }

  /** Why a trial failed. */
  public record Failure(String code, String message) {}
}
