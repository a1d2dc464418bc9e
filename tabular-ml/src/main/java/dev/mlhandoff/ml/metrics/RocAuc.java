package dev.mlhandoff.ml.metrics;

import java.util.Arrays;
import java.util.Comparator;

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
    int n = scores.length;
    requireNumbers(scores);
    Integer[] order = new Integer[n];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> scores[i]));
    double positiveRanks = 0;
    long positives = 0;
    for (int start = 0; start < n; ) {
      int end = start;
      long tiedPositives = 0;
      while (end < n && scores[order[end]] == scores[order[start]]) {
        tiedPositives += labels[order[end]];
        end++;
      }
      positiveRanks += tiedPositives * (start + 1 + end) / 2.0;
      positives += tiedPositives;
      start = end;
    }
    long negatives = n - positives;
    if (positives == 0 || negatives == 0) {
      return Double.NaN;
    }
    return (positiveRanks - positives * (positives + 1) / 2.0) / ((double) positives * negatives);
  }

  static void requireNumbers(double[] scores) {
    for (double score : scores) {
      if (Double.isNaN(score)) {
        throw new IllegalArgumentException("a score is not a number");
      }
    }
  }
}
