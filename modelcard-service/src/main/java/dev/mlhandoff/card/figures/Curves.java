package dev.mlhandoff.card.figures;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** The curves by which a binary classifier is judged. Scores in [0, 1], labels 0 or 1. */
public final class Curves {

  /** A curve is thinned to about this many points; the difference cannot be seen. */
  private static final int POINTS = 200;

  private final double[] scores;
  private final int[] labels;
  private final Integer[] order;
  private final int positives;

  /**
   * @throws IllegalArgumentException if the lengths differ or one of the classes is missing
   */
  public Curves(double[] scores, int[] labels) {
    positives = Arrays.stream(labels).sum();
    if (scores.length != labels.length || positives == 0 || positives == labels.length) {
      throw new IllegalArgumentException("a curve needs a score and a label each, of both classes");
    }
    this.scores = scores.clone();
    this.labels = labels.clone();
    order = new Integer[scores.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble((Integer i) -> scores[i]).reversed());
  }

  /** False against true positive rate (Fawcett 2006); rows of equal score are passed at once. */
  public List<Point> roc() {
    List<Point> points = new ArrayList<>(List.of(new Point(0, 0)));
    walk(
        (seen, hits) ->
            points.add(
                new Point(rate(seen - hits, labels.length - positives), rate(hits, positives))));
    return thinned(points);
  }

  /** Recall against precision. */
  public List<Point> precisionRecall() {
    List<Point> points = new ArrayList<>();
    walk((seen, hits) -> points.add(new Point(rate(hits, positives), rate(hits, seen))));
    return thinned(points);
  }

  /** Share of the rows, best first, against how much denser the positives are among them. */
  public List<Point> lift() {
    List<Point> points = new ArrayList<>();
    double prevalence = rate(positives, labels.length);
    walk(
        (seen, hits) ->
            points.add(new Point(rate(seen, labels.length), rate(hits, seen) / prevalence)));
    return thinned(points);
  }

  /** Mean score against share of positives, in bins of equal mass, the lowest scores first. */
  public List<Point> calibration(int bins) {
    List<Point> points = new ArrayList<>();
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
        points.add(new Point(sum / (to - from), rate(hits, to - from)));
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

  private interface Step {
    void at(int seen, int hits);
  }

  private void walk(Step step) {
    int hits = 0;
    for (int i = 0; i < order.length; i++) {
      hits += labels[order[i]];
      if (i + 1 == order.length || scores[order[i + 1]] != scores[order[i]]) {
        step.at(i + 1, hits);
      }
    }
  }

  private static double rate(int part, int whole) {
    return (double) part / whole;
  }

  private static List<Point> thinned(List<Point> points) {
    if (points.size() <= POINTS) {
      return points;
    }
    List<Point> kept = new ArrayList<>();
    for (int i = 0; i < POINTS; i++) {
      kept.add(points.get((int) ((long) i * (points.size() - 1) / (POINTS - 1))));
    }
    return kept;
  }
}
