package dev.mlhandoff.ml.metrics;

import java.util.Arrays;
import java.util.Comparator;

/** Metrics of scored rows; labels are 0 or 1, scores probabilities in [0, 1]. */
public final class Classification {

  private Classification() {}

  /** Mean squared difference between probability and label (Brier 1950); 0 is best. */
  public static double brier(double[] scores, int[] labels) {
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      sum += (scores[i] - labels[i]) * (scores[i] - labels[i]);
    }
    return sum / scores.length;
  }

  /** Share of positives among the given share of rows with the highest scores. */
  public static double precisionAtK(double[] scores, int[] labels, double share) {
    Integer[] order = descending(scores);
    int k = Math.max(1, (int) Math.round(share * scores.length));
    int hits = 0;
    for (int i = 0; i < k; i++) {
      hits += labels[order[i]];
    }
    return (double) hits / k;
  }

  /** Average precision: mean precision over the positives, in order of their scores. */
  public static double averagePrecision(double[] scores, int[] labels) {
    Integer[] order = descending(scores);
    double sum = 0;
    long positives = 0;
    for (int start = 0; start < order.length; ) {
      int end = start;
      int tied = 0;
      while (end < order.length && scores[order[end]] == scores[order[start]]) {
        tied += labels[order[end]];
        end++;
      }
      positives += tied;
      sum += tied * ((double) positives / end);
      start = end;
    }
    return positives == 0 ? Double.NaN : sum / positives;
  }

  /** Share of the positives at or above the threshold. */
  public static double recall(double[] scores, int[] labels, double threshold) {
    long found = 0;
    long positives = 0;
    for (int i = 0; i < scores.length; i++) {
      positives += labels[i];
      found += scores[i] >= threshold ? labels[i] : 0;
    }
    return positives == 0 ? Double.NaN : (double) found / positives;
  }

  /** Harmonic mean of precision and recall at the threshold. */
  public static double f1(double[] scores, int[] labels, double threshold) {
    long truePositives = 0;
    long wrong = 0;
    for (int i = 0; i < scores.length; i++) {
      boolean predicted = scores[i] >= threshold;
      if (predicted && labels[i] == 1) {
        truePositives++;
      } else if (predicted != (labels[i] == 1)) {
        wrong++;
      }
    }
    return truePositives == 0 ? 0 : 2.0 * truePositives / (2.0 * truePositives + wrong);
  }

  /** The threshold with the highest F1, among the scores themselves; the lowest of equals. */
  public static double bestF1Threshold(double[] scores, int[] labels) {
    Integer[] order = descending(scores);
    long positives = Arrays.stream(labels).asLongStream().sum();
    long found = 0;
    double best = 0.5;
    double bestF1 = -1;
    for (int i = 0; i < order.length; i++) {
      found += labels[order[i]];
      boolean lastOfTie = i + 1 == order.length || scores[order[i + 1]] != scores[order[i]];
      double f1 = 2.0 * found / (i + 1 + positives);
      if (lastOfTie && f1 >= bestF1) {
        bestF1 = f1;
        best = scores[order[i]];
      }
    }
    return best;
  }

  /**
   * Expected calibration error over bins of equal mass: the mean distance between the bin's mean
   * probability and its share of positives, weighted by rows (Naeini et al. 2015).
   */
  public static double calibrationError(double[] scores, int[] labels, int bins) {
    Integer[] order = descending(scores);
    double error = 0;
    for (int bin = 0; bin < bins; bin++) {
      int from = (int) ((long) bin * order.length / bins);
      int to = (int) ((long) (bin + 1) * order.length / bins);
      double difference = 0;
      for (int i = from; i < to; i++) {
        difference += scores[order[i]] - labels[order[i]];
      }
      error += Math.abs(difference);
    }
    return error / order.length;
  }

  private static Integer[] descending(double[] scores) {
    RocAuc.requireNumbers(scores);
    Integer[] order = new Integer[scores.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> -scores[i]));
    return order;
  }
}
