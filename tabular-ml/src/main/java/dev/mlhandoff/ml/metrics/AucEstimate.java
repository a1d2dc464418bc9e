package dev.mlhandoff.ml.metrics;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * An area under the ROC curve and the variance of its estimate, by the placements of the scores
 * among those of the other class (DeLong, DeLong and Clarke-Pearson 1988).
 *
 * @param auc in [0, 1]
 * @param variance at least 0
 */
public record AucEstimate(double auc, double variance) {

  /**
   * @param labels 0 or 1, at least two of each
   * @throws IllegalArgumentException if there are fewer
   */
  public static AucEstimate of(double[] scores, int[] labels) {
    double[] positives = sorted(scores, labels, 1);
    double[] negatives = sorted(scores, labels, 0);
    if (positives.length < 2 || negatives.length < 2) {
      throw new IllegalArgumentException("two rows of each class are needed");
    }
    double[] won = placements(positives, negatives);
    double[] lost = placements(negatives, positives);
    return new AucEstimate(
        Arrays.stream(won).sum() / won.length,
        variance(won) / won.length + variance(lost) / lost.length);
  }

  private static double[] sorted(double[] scores, int[] labels, int label) {
    return IntStream.range(0, scores.length)
        .filter(i -> labels[i] == label)
        .mapToDouble(i -> scores[i])
        .sorted()
        .toArray();
  }

  /** For each score the share of the others that it exceeds, ties counting half; both sorted. */
  private static double[] placements(double[] scores, double[] others) {
    double[] placements = new double[scores.length];
    int below = 0;
    int notAbove = 0;
    for (int i = 0; i < scores.length; i++) {
      while (below < others.length && others[below] < scores[i]) {
        below++;
      }
      while (notAbove < others.length && others[notAbove] <= scores[i]) {
        notAbove++;
      }
      placements[i] = (below + notAbove) / 2.0 / others.length;
    }
    return placements;
  }

  private static double variance(double[] values) {
    double mean = Arrays.stream(values).sum() / values.length;
    return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - 1);
  }
}
