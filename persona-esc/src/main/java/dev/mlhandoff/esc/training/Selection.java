package dev.mlhandoff.esc.training;

import dev.mlhandoff.ml.metrics.ResampledTest;
import dev.mlhandoff.ml.model.ModelFamilies;
import java.util.ArrayList;
import java.util.List;

/**
 * The one-standard-error rule (Breiman et al. 1984): the simplest family whose mean is within one
 * standard error of the best. {@link ModelFamilies} says which family is simpler.
 *
 * @param position place on the leaderboard, from 0
 */
record Selection(int position, List<String> justification) {

  static Selection of(List<LeaderboardEntry> leaderboard) {
    LeaderboardEntry best = leaderboard.get(0);
    double bound = best.meanAuc() - best.standardError();
    int chosen = 0;
    for (int i = 1; i < leaderboard.size(); i++) {
      LeaderboardEntry candidate = leaderboard.get(i);
      if (candidate.meanAuc() >= bound && rank(candidate) < rank(leaderboard.get(chosen))) {
        chosen = i;
      }
    }
    LeaderboardEntry winner = leaderboard.get(chosen);
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
    ResampledTest baseline = winner.againstBaseline();
    if (baseline != null && !winner.id().equals(ModelFamilies.BASELINE)) {
      sentences.add(compared("the baseline", baseline));
    }
    ResampledTest single = winner.againstSingleFeature();
    if (single != null) {
      sentences.add(compared("the best single feature", single));
    }
    return new Selection(chosen, sentences);
  }

  private static String compared(String other, ResampledTest test) {
    return "Over the folds it is %.4f %s %s (95 %% interval %.4f to %.4f, p = %.3g; corrected resampled t-test)."
        .formatted(
            Math.abs(test.difference()),
            test.difference() >= 0 ? "above" : "below",
            other,
            test.lower(),
            test.upper(),
            test.pValue());
  }

  private static int rank(LeaderboardEntry result) {
    return ModelFamilies.names().indexOf(result.family());
  }
}
