package dev.mlhandoff.esc.training;

import java.util.ArrayList;
import java.util.List;

/**
 * The one-standard-error rule (Breiman et al. 1984): the simplest family whose mean is within one
 * standard error of the best. Simplicity: logistic regression, boosting, forest.
 *
 * @param position place on the leaderboard, from 0
 */
record Selection(int position, List<String> justification) {

  private static final List<String> SIMPLEST_FIRST =
      List.of("logistic_regression", "gradient_boosting", "random_forest");

  static Selection of(List<TrialResult> leaderboard) {
    TrialResult best = leaderboard.get(0);
    double bound = best.meanAuc() - best.standardError();
    int chosen = 0;
    for (int i = 1; i < leaderboard.size(); i++) {
      TrialResult candidate = leaderboard.get(i);
      if (candidate.meanAuc() >= bound && rank(candidate) < rank(leaderboard.get(chosen))) {
        chosen = i;
      }
    }
    TrialResult winner = leaderboard.get(chosen);
    List<String> sentences = new ArrayList<>();
    sentences.add(
        "The best mean AUC-ROC is %.4f (%s), with a standard error of %.4f over %d folds."
            .formatted(best.meanAuc(), best.id(), best.standardError(), best.foldAuc().size()));
    sentences.add(
        chosen == 0
            ? "No simpler family reaches %.4f, one standard error below it, so %s is selected."
                .formatted(bound, winner.id())
            : "%s reaches %.4f, within one standard error (%.4f), and is simpler, so it is selected."
                .formatted(winner.id(), winner.meanAuc(), bound));
    return new Selection(chosen, sentences);
  }

  private static int rank(TrialResult result) {
    int rank = SIMPLEST_FIRST.indexOf(result.family());
    return rank < 0 ? SIMPLEST_FIRST.size() : rank;
  }
}
