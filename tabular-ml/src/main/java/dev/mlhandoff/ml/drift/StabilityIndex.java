package dev.mlhandoff.ml.drift;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/**
 * Population stability index of counts against reference counts, and how likely it is by chance:
 * without a change it is about {@code (1/n + 1/m)} times chi-squared with one degree less than
 * there are bins, for windows of n and references of m rows.
 */
public final class StabilityIndex {

  private static final double SMOOTHING = 0.5;

  private final double[] expected;
  private final double scale;
  private final int degrees;

  /**
   * For windows of one size.
   *
   * @param reference counts of at least two bins, each at least 1
   * @param window rows of a window
   */
  public StabilityIndex(long[] reference, int window) {
    long rows = Arrays.stream(reference).sum();
    this.expected =
        Arrays.stream(reference)
            .mapToDouble(count -> share(count, rows, reference.length))
            .toArray();
    this.degrees = reference.length - 1;
    this.scale = 1.0 / window + 1.0 / rows;
  }

  /** The index of a window's counts, in the order of the reference's bins. */
  public double of(long[] counts) {
    long total = Arrays.stream(counts).sum();
    double sum = 0;
    for (int i = 0; i < counts.length; i++) {
      sum += term(share(counts[i], total, counts.length), expected[i]);
    }
    return sum;
  }

  /** Probability of so high an index or a higher one without a change. */
  public double pValue(double index) {
    return ChiSquaredDistribution.of(degrees).survivalProbability(index / scale);
  }

  /** The index that is exceeded with this probability without a change. */
  public double bound(double probability) {
    return ChiSquaredDistribution.of(degrees).inverseSurvivalProbability(probability) * scale;
  }

  private static double term(double observed, double expected) {
    return (observed - expected) * Math.log(observed / expected);
  }

  private static double share(long count, long total, int bins) {
    return (count + SMOOTHING) / (total + SMOOTHING * bins);
  }
}
