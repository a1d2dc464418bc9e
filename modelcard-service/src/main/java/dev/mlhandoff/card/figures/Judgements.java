package dev.mlhandoff.card.figures;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** What scores say of labels. Scores in [0, 1], labels 0 or 1. */
public final class Judgements {

  private final double[] scores;
  private final int[] labels;
  private final Integer[] order;
  private final int positives;

  /**
   * @throws IllegalArgumentException if the lengths differ or one of the classes is missing
   */
  public Judgements(double[] scores, int[] labels) {
    positives = Arrays.stream(labels).sum();
    if (scores.length != labels.length || positives == 0 || positives == labels.length) {
      throw new IllegalArgumentException("a score and a label each are needed, of both classes");
    }
    this.scores = scores.clone();
    this.labels = labels.clone();
    order = new Integer[scores.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble((Integer i) -> scores[i]).reversed());
  }

  /** The curves, with intervals over bootstrap samples. */
  public CurveBands bands(int replicates, long seed) {
    return new CurveBands(scores, labels, replicates, seed);
  }

  /** Share of positives. */
  public double prevalence() {
    return rate(positives, labels.length);
  }

  /** Mean score against share of positives, in bins of equal mass, the lowest scores first. */
  public List<CalibrationBin> calibration(int bins) {
    List<CalibrationBin> points = new ArrayList<>();
    for (int bin = 0; bin < bins; bin++) {
      int from = (int) ((long) labels.length * bin / bins);
      int to = (int) ((long) labels.length * (bin + 1) / bins);
      double sum = 0;
      int hits = 0;
      for (int i = from; i < to; i++) {
        int row = order[labels.length - 1 - i];
        sum += scores[row];
        hits += labels[row];
      }
      if (to > from) {
        points.add(new CalibrationBin(to - from, sum / (to - from), rate(hits, to - from)));
      }
    }
    return points;
  }

  /** Share of a class's rows in each of equally wide bins over [0, 1]. */
  public double[] histogram(int label, int bins) {
    double[] shares = new double[bins];
    int rows = label == 1 ? positives : labels.length - positives;
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] == label) {
        int bin = (int) (Math.max(0, Math.min(1, scores[i])) * bins);
        shares[Math.min(bins - 1, bin)] += 1.0 / rows;
      }
    }
    return shares;
  }

  /** Rows by truth and decision at a threshold: {@code [label][decision]}. */
  public int[][] confusion(double threshold) {
    int[][] counts = new int[2][2];
    for (int i = 0; i < labels.length; i++) {
      counts[labels[i]][scores[i] >= threshold ? 1 : 0]++;
    }
    return counts;
  }

  private static double rate(int part, int whole) {
    return (double) part / whole;
  }
}
