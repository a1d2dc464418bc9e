package dev.mlhandoff.esc.training;

import java.util.List;
import java.util.SortedMap;

/**
 * One line of the leaderboard; everything is judged out of fold.
 *
 * @param foldAuc AUC-ROC of each fold
 * @param meanAuc mean over the folds
 * @param spread standard deviation over the folds
 * @param metrics over all out-of-fold predictions together, by name
 */
public record TrialResult(
    String id,
    String family,
    SortedMap<String, Double> parameters,
    List<Double> foldAuc,
    double meanAuc,
    double spread,
    SortedMap<String, Double> metrics) {

  double standardError() {
    return spread / Math.sqrt(foldAuc.size());
  }
}
