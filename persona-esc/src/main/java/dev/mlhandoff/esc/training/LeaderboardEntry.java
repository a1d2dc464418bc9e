package dev.mlhandoff.esc.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.mlhandoff.ml.metrics.Bootstrap;
import dev.mlhandoff.ml.metrics.ResampledTest;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * One line of the leaderboard; everything is judged out of fold.
 *
 * @param status completed, or failed on at least one fold
 * @param foldAuc AUC-ROC of each fold; empty if it failed
 * @param meanAuc mean over the folds; 0 if it failed
 * @param spread standard deviation over the folds
 * @param metrics over all out-of-fold predictions together, by name
 * @param aucInterval 95 % bootstrap interval of the AUC-ROC over all rows
 * @param againstBaseline fold AUCs against those of the baseline
 * @param againstSingleFeature fold AUCs against those of the best single feature
 * @param reason why it failed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LeaderboardEntry(
    String id,
    String family,
    SortedMap<String, Double> parameters,
    Status status,
    List<Double> foldAuc,
    double meanAuc,
    double spread,
    SortedMap<String, Double> metrics,
    Bootstrap.@Nullable Interval aucInterval,
    @Nullable ResampledTest againstBaseline,
    @Nullable ResampledTest againstSingleFeature,
    @Nullable String reason) {

  /** Whether there is anything to compare. */
  public enum Status {
    COMPLETED,
    FAILED
  }

  /** Whether it can be compared. */
  public boolean completed() {
    return status == Status.COMPLETED;
  }

  double standardError() {
    return spread / Math.sqrt(foldAuc.size());
  }
}
