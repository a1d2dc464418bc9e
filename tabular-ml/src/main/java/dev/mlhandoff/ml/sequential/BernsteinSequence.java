package dev.mlhandoff.ml.sequential;

/**
 * Confidence sequence for the mean of independent values in [0, 1], as narrow as their variance
 * allows: with probability {@code 1 - alpha} the mean lies in the intervals of all sample sizes at
 * once. Howard, Ramdas, McAuliffe and Sekhon 2021, "Time-uniform, nonparametric, nonasymptotic
 * confidence sequences": the empirical-Bernstein bound (theorem 4), each value predicted by the
 * mean of those before it, with the polynomial stitched boundary (theorem 1, equation 10).
 */
public final class BernsteinSequence {

  // Their choice: epochs of doubled variance, and an exponent whose zeta value is ZETA.
  private static final double ETA = 2;
  private static final double EXPONENT = 1.4;
  private static final double ZETA = 3.1055472779775797;
  private static final double ROOT_FACTOR =
      (Math.pow(ETA, 0.25) + Math.pow(ETA, -0.25)) / Math.sqrt(2);
  private static final double LINEAR_FACTOR = (Math.sqrt(ETA) + 1) / 2;

  private long count;
  private double sum;
  private double variance;

  /**
   * Takes the next value.
   *
   * @param value in [0, 1]
   */
  public void add(double value) {
    double predicted = count == 0 ? 0.5 : sum / count;
    variance += (value - predicted) * (value - predicted);
    sum += value;
    count++;
  }

  public long count() {
    return count;
  }

  /**
   * The interval after the values so far, within [0, 1].
   *
   * @param alpha probability that any interval ever misses, in (0, 1)
   */
  public Interval interval(double alpha) {
    if (count == 0) {
      return new Interval(0, 1);
    }
    double mean = sum / count;
    double radius = boundary(Math.max(1, variance), alpha / 2) / count;
    return new Interval(Math.max(0, mean - radius), Math.min(1, mean + radius));
  }

  private static double boundary(double variance, double alpha) {
    double level =
        EXPONENT * Math.log(Math.log(ETA * variance))
            + Math.log(ZETA / (alpha * Math.pow(Math.log(ETA), EXPONENT)));
    return ROOT_FACTOR * Math.sqrt(variance * level) + LINEAR_FACTOR * level;
  }
}
