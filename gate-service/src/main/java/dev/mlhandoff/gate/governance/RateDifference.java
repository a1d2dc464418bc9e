package dev.mlhandoff.gate.governance;

/**
 * Difference of two independent proportions with its 95 % interval: Newcombe's hybrid score
 * interval without continuity correction (Newcombe 1998, Statistics in Medicine 17, 873-890, method
 * 10).
 *
 * @param difference first minus second, in [-1, 1]
 */
public record RateDifference(double difference, double lower, double upper) {

  private static final double Z = 1.959963984540054;

  /**
   * From counts.
   *
   * @param hits of {@code trials}, at least one of which there is
   */
  public static RateDifference of(int hits, int trials, int otherHits, int otherTrials) {
    double first = (double) hits / trials;
    double second = (double) otherHits / otherTrials;
    double[] a = wilson(hits, trials);
    double[] b = wilson(otherHits, otherTrials);
    double difference = first - second;
    return new RateDifference(
        difference,
        difference - Math.hypot(first - a[0], b[1] - second),
        difference + Math.hypot(a[1] - first, second - b[0]));
  }

  /** Wilson's score interval (Wilson 1927). */
  static double[] wilson(int hits, int trials) {
    double rate = (double) hits / trials;
    double centre = 2 * hits + Z * Z;
    double spread = Z * Math.sqrt(Z * Z + 4 * trials * rate * (1 - rate));
    double scale = 2 * (trials + Z * Z);
    return new double[] {(centre - spread) / scale, (centre + spread) / scale};
  }

  /** Whether even the end of the interval that is nearer to 0 lies beyond a limit. */
  public boolean isWhollyBeyond(double limit) {
    return lower > limit || upper < -limit;
  }

  /** How far the interval keeps from 0; negative if it holds 0. */
  double distance() {
    return Math.max(lower, -upper);
  }
}
