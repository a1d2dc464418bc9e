package dev.mlhandoff.ml.metrics;

import java.util.Arrays;

/**
 * Area under the ROC curve: the probability that a random positive scores above a random negative,
 * ties counting half (the Mann-Whitney statistic; Hanley and McNeil 1982).
 */
public final class RocAuc {

  private RocAuc() {}

  /**
   * @param labels 0 or 1
   * @return in [0, 1]; NaN if only one class is present
   * @throws IllegalArgumentException if a score is NaN, which has no rank
   */
  public static double of(double[] scores, int[] labels) {
    requireNumbers(scores);
    double[] positives = sorted(scores, labels, 1);
    double[] negatives = sorted(scores, labels, 0);
    if (positives.length == 0 || negatives.length == 0) {
      return Double.NaN;
    }
    // Whole and half numbers only, so that no order of adding them changes the sum.
    double won = 0;
    int below = 0;
    int notAbove = 0;
    for (double score : positives) {
      while (below < negatives.length && negatives[below] < score) {
        below++;
      }
      notAbove = Math.max(notAbove, below);
      while (notAbove < negatives.length && negatives[notAbove] == score) {
        notAbove++;
      }
      won += (below + notAbove) / 2.0;
    }
    return won / ((double) positives.length * negatives.length);
  }

  private static double[] sorted(double[] scores, int[] labels, int label) {
    double[] selected = new double[scores.length];
    int count = 0;
    for (int i = 0; i < scores.length; i++) {
      if (labels[i] == label) {
        // Adding zero makes one of the two zeros, which sorting would tell apart.
        selected[count++] = scores[i] + 0.0;
      }
    }
    double[] sorted = Arrays.copyOf(selected, count);
    Arrays.sort(sorted);
    return sorted;
  }

  static void requireNumbers(double[] scores) {
    for (double score : scores) {
      if (Double.isNaN(score)) {
        throw new IllegalArgumentException("a score is not a number");
      }
    }
  }
}
