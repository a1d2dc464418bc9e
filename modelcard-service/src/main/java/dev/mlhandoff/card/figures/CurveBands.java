package dev.mlhandoff.card.figures;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * The curves by which a binary classifier is judged, each with pointwise 95 % intervals:
 * percentiles over bootstrap samples of the rows (Efron and Tibshirani 1993). Scores in [0, 1],
 * labels 0 or 1; the same seed gives the same intervals.
 */
public final class CurveBands {

  private static final int STEPS = 100;
  private static final double TAIL = 0.025;

  /** A lift over fewer rows than this share is noise. */
  private static final double SMALLEST_SHARE = 0.02;

  // By place and sample; the first sample is the rows themselves.
  private final double[][] roc;
  private final double[][] precisionRecall;
  private final double[][] lift;

  /**
   * Draws the samples; takes time in proportion to rows and replicates.
   *
   * @throws IllegalArgumentException if the lengths differ or one of the classes is missing
   */
  public CurveBands(double[] scores, int[] labels, int replicates, long seed) {
    int positives = Arrays.stream(labels).sum();
    if (scores.length != labels.length || positives == 0 || positives == labels.length) {
      throw new IllegalArgumentException("a curve needs a score and a label each, of both classes");
    }
    Integer[] order = new Integer[scores.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble((Integer i) -> scores[i]).reversed());
    double[] falling = Arrays.stream(order).mapToDouble(i -> scores[i]).toArray();
    int[] truths = Arrays.stream(order).mapToInt(i -> labels[i]).toArray();
    roc = new double[STEPS + 1][replicates + 1];
    precisionRecall = new double[STEPS + 1][replicates + 1];
    lift = new double[STEPS + 1][replicates + 1];
    Random random = new Random(seed);
    int[] weights = new int[scores.length];
    for (int sample = 0; sample <= replicates; sample++) {
      Arrays.fill(weights, sample == 0 ? 1 : 0);
      for (int i = 0; sample > 0 && i < weights.length; i++) {
        weights[random.nextInt(weights.length)]++;
      }
      evaluate(sample, counts(falling, truths, weights));
    }
  }

  /** False against true positive rate (Fawcett 2006), between the thresholds along lines. */
  public List<Band> roc() {
    return bands(roc);
  }

  /** Recall against the precision of the highest threshold that reaches it. */
  public List<Band> precisionRecall() {
    return bands(precisionRecall);
  }

  /** Share of the rows, best first, against how much denser the positives are among them. */
  public List<Band> lift() {
    return bands(lift);
  }

  private void evaluate(int sample, int[] rows) {
    for (int step = 0; step <= STEPS; step++) {
      double at = (double) step / STEPS;
      roc[step][sample] = truePositiveRate(at, rows);
      precisionRecall[step][sample] =
          step == 0 ? Double.NaN : precision(rows, reach(rows, rows[1], at, true));
      lift[step][sample] =
          at < SMALLEST_SHARE
              ? Double.NaN
              : precision(rows, reach(rows, rows[0] + rows[1], at, false))
                  * (rows[0] + rows[1])
                  / rows[1];
    }
  }

  private static List<Band> bands(double[][] steps) {
    List<Band> bands = new ArrayList<>();
    for (int step = 0; step <= STEPS; step++) {
      double value = steps[step][0];
      if (!Double.isNaN(value)) {
        double[] replicates =
            Arrays.stream(steps[step]).skip(1).filter(v -> !Double.isNaN(v)).sorted().toArray();
        bands.add(
            new Band(
                (double) step / STEPS,
                value,
                quantile(replicates, TAIL),
                quantile(replicates, 1 - TAIL)));
      }
    }
    return bands;
  }

  /** Negatives and positives of all rows, then at or above each distinct score, highest first. */
  private static int[] counts(double[] scores, int[] labels, int[] weights) {
    int[] counts = new int[2 * (scores.length + 1)];
    int[] seen = new int[2];
    int end = 2;
    for (int i = 0; i < scores.length; i++) {
      seen[labels[i]] += weights[i];
      boolean last = i + 1 == scores.length || scores[i + 1] != scores[i];
      if (last && seen[0] + seen[1] > 0) {
        counts[end] = seen[0];
        counts[end + 1] = seen[1];
        end += 2;
      }
    }
    counts[0] = seen[0];
    counts[1] = seen[1];
    return Arrays.copyOf(counts, end);
  }

  /** Where a share of the positives, or of all rows, is reached. */
  private static int reach(int[] rows, int whole, double share, boolean positives) {
    int low = 2;
    int high = rows.length;
    while (low < high) {
      int middle = (low + high) / 4 * 2;
      int reached = positives ? rows[middle + 1] : rows[middle] + rows[middle + 1];
      if (reached >= share * whole) {
        high = middle;
      } else {
        low = middle + 2;
      }
    }
    return Math.min(low, rows.length - 2);
  }

  /** NaN if a sample has no positives. */
  private static double precision(int[] rows, int at) {
    return rows[1] == 0 ? Double.NaN : (double) rows[at + 1] / (rows[at] + rows[at + 1]);
  }

  private static double truePositiveRate(double at, int[] rows) {
    if (rows[0] == 0 || rows[1] == 0) {
      return Double.NaN;
    }
    double before = 0;
    double rateBefore = 0;
    for (int i = 2; i < rows.length; i += 2) {
      double falsePositives = (double) rows[i] / rows[0];
      double rate = (double) rows[i + 1] / rows[1];
      if (falsePositives > at) {
        double part = (at - before) / (falsePositives - before);
        return rateBefore + part * (rate - rateBefore);
      }
      before = falsePositives;
      rateBefore = rate;
    }
    return 1;
  }

  private static double quantile(double[] sorted, double share) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    double place = share * (sorted.length - 1);
    int low = (int) place;
    int high = Math.min(sorted.length - 1, low + 1);
    return sorted[low] + (place - low) * (sorted[high] - sorted[low]);
  }
}
