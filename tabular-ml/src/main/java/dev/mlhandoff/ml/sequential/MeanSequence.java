package dev.mlhandoff.ml.sequential;

/**
 * Confidence sequence for the mean of independent values with range 1, for example in [0, 1]: with
 * probability {@code 1 - alpha} the mean lies in the intervals of all sample sizes at once. Howard,
 * Ramdas, McAuliffe and Sekhon 2021, "Time-uniform, nonparametric, nonasymptotic confidence
 * sequences", the two-sided normal mixture boundary with Hoeffding's variance of 1/4 a value. Needs
 * only count and sum, so that parts can be added up in any order.
 */
public final class MeanSequence {

  private static final double VARIANCE = 0.25;
  private static final double TIGHTEST_AT = 500;

  private MeanSequence() {}

  /**
   * The interval after so many values.
   *
   * @param count number of values, from 0
   * @param sum of the values
   * @param alpha probability that any interval ever misses, in (0, 1)
   */
  public static Interval of(long count, double sum, double alpha) {
    if (count == 0) {
      return new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }
    double mean = sum / count;
    double radius = boundary(count * VARIANCE, alpha) / count;
    return new Interval(mean - radius, mean + radius);
  }

  private static double boundary(double variance, double alpha) {
    double spread = 2 * Math.log(1 / alpha);
    // Any positive value keeps the coverage; this one is about the best at the named size.
    double rho = TIGHTEST_AT * VARIANCE / (spread + Math.log1p(spread));
    double total = variance + rho;
    return Math.sqrt(total * Math.log(total / (alpha * alpha * rho)));
  }
}
