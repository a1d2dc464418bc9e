package dev.mlhandoff.ml.metrics;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleBiFunction;
import org.jspecify.annotations.Nullable;

/** Percentile bootstrap over rows (Efron 1979), 95 %. */
public final class Bootstrap {

  private static final int RESAMPLES = 400;

  private Bootstrap() {}

  /** An interval. */
  public record Interval(double lower, double upper) {}

  /** The 95 % interval of the AUC. */
  public static Interval auc(double[] scores, int[] labels, long seed) {
    return of(scores, labels, seed, RocAuc::of);
  }

  /** The 95 % interval of the difference of two AUCs on the same rows. */
  public static Interval aucDifference(double[] scores, double[] others, int[] labels, long seed) {
    return difference(scores, others, labels, seed, RocAuc::of);
  }

  /** The 95 % interval of any metric of scores and labels. */
  public static Interval of(
      double[] scores, int[] labels, long seed, ToDoubleBiFunction<double[], int[]> metric) {
    return interval(scores, null, labels, seed, metric);
  }

  /** The 95 % interval of the difference of a metric between two scores of the same rows. */
  public static Interval difference(
      double[] scores,
      double[] others,
      int[] labels,
      long seed,
      ToDoubleBiFunction<double[], int[]> metric) {
    return interval(scores, others, labels, seed, metric);
  }

  private static Interval interval(
      double[] scores,
      double @Nullable [] others,
      int[] labels,
      long seed,
      ToDoubleBiFunction<double[], int[]> metric) {
    int n = scores.length;
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[RESAMPLES];
    double[] sampled = new double[n];
    double[] sampledOthers = new double[n];
    int[] sampledLabels = new int[n];
    for (int r = 0; r < RESAMPLES; r++) {
      for (int i = 0; i < n; i++) {
        int row = random.nextInt(n);
        sampled[i] = scores[row];
        if (others != null) {
          sampledOthers[i] = others[row];
        }
        sampledLabels[i] = labels[row];
      }
      double value = metric.applyAsDouble(sampled, sampledLabels);
      values[r] =
          others == null ? value : value - metric.applyAsDouble(sampledOthers, sampledLabels);
    }
    Arrays.sort(values);
    return new Interval(
        values[(int) Math.floor(0.025 * (RESAMPLES - 1))],
        values[(int) Math.ceil(0.975 * (RESAMPLES - 1))]);
  }
}
