package dev.mlhandoff.ml.interaction;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Where a number stands among those it was fitted on: the share of them in lower bins and half of
 * its own bin's, less one half (ridit, Bross, Biometrics 14, 1958). In (-0.5, 0.5), with mean 0
 * over the rows it was fitted on, and the same under every rising transformation of the numbers.
 *
 * @param bounds upper bounds of all bins but the last, rising
 * @param scores one more than there are bounds
 */
public record Ridits(List<Double> bounds, List<Double> scores) {

  private static final int BINS = 20;

  public Ridits {
    bounds = List.copyOf(bounds);
    scores = List.copyOf(scores);
  }

  /**
   * Bins of about equal size, at most twenty; equal numbers stay together.
   *
   * @param values NaN where missing
   */
  public static Ridits fit(double[] values) {
    double[] sorted =
        Arrays.stream(values).filter(value -> !Double.isNaN(value)).sorted().toArray();
    if (sorted.length == 0) {
      return new Ridits(List.of(), List.of(0.0));
    }
    double highest = sorted[sorted.length - 1];
    List<Double> bounds =
        IntStream.range(1, BINS)
            .mapToDouble(i -> sorted[(int) ((long) i * sorted.length / BINS)])
            .filter(bound -> bound < highest)
            .distinct()
            .boxed()
            .toList();
    long[] sizes = new long[bounds.size() + 1];
    for (double value : sorted) {
      sizes[bin(bounds, value)]++;
    }
    double[] scores = new double[sizes.length];
    long below = 0;
    for (int i = 0; i < sizes.length; i++) {
      scores[i] = (below + sizes[i] / 2.0) / sorted.length - 0.5;
      below += sizes[i];
    }
    return new Ridits(bounds, DoubleStream.of(scores).boxed().toList());
  }

  /** The score of a number; of a missing one 0, which favours no side. */
  public double score(double value) {
    return Double.isNaN(value) ? 0 : scores.get(bin(bounds, value));
  }

  private static int bin(List<Double> bounds, double value) {
    int bin = 0;
    while (bin < bounds.size() && value > bounds.get(bin)) {
      bin++;
    }
    return bin;
  }
}
