package dev.mlhandoff.esc.training;

import dev.mlhandoff.ml.metrics.RocAuc;
import dev.mlhandoff.ml.model.ModelFamilies;
import java.util.Arrays;
import java.util.SplittableRandom;

/** What the selected configuration reaches with a part of the training rows. */
public final class LearningCurve {

  static final double[] SHARES = {0.25, 0.5};

  private LearningCurve() {}

  /**
   * One point of the curve.
   *
   * @param share of the training rows of each fold, in (0, 1]
   * @param rows that many rows on average
   * @param meanAuc mean over the folds, each scored on all its rows
   * @param spread standard deviation over the folds
   */
  public record Point(double share, int rows, double meanAuc, double spread) {}

  /** AUC-ROC on a fold after training on a random share of the other folds' rows. */
  static double auc(
      TrainingData data, int fold, double share, Configuration configuration, int top, long seed) {
    int[] training = data.rows(fold, false);
    SplittableRandom random = new SplittableRandom(seed + fold);
    for (int i = training.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int row = training[i];
      training[i] = training[j];
      training[j] = row;
    }
    int[] part = Arrays.copyOf(training, rows(training.length, share));
    Arrays.sort(part);
    if (Arrays.stream(data.labels(part)).distinct().count() < 2) {
      // One class teaches nothing: every row gets the same score.
      return 0.5;
    }
    FoldInput input = FoldInput.of(data, part, data.rows(fold, true), data.labels(), top);
    double[] scores =
        input.pipeline().features().isEmpty()
            ? new double[input.validationRows().length]
            : ModelFamilies.named(configuration.family())
                .train(input.training(), input.trainingLabels(), configuration.parameters(), seed)
                .probabilities(input.validation());
    return RocAuc.of(scores, data.labels(input.validationRows()));
  }

  static int rows(int all, double share) {
    return Math.max(1, (int) Math.round(all * share));
  }
}
