package dev.mlhandoff.ml.model;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * The values a parameter may take in a search.
 *
 * @param logarithmic whether equal ratios, and not equal differences, are equally far
 * @param whole whether only whole numbers make sense
 */
public record Range(double lower, double upper, boolean logarithmic, boolean whole) {

  static Range linear(double lower, double upper) {
    return new Range(lower, upper, false, false);
  }

  static Range logarithmic(double lower, double upper) {
    return new Range(lower, upper, true, false);
  }

  static Range whole(double lower, double upper) {
    return new Range(lower, upper, false, true);
  }

  static Range wholeLogarithmic(double lower, double upper) {
    return new Range(lower, upper, true, true);
  }

  /** The value at a position in [0, 1], to three significant digits. */
  public double at(double position) {
    double value =
        logarithmic
            ? lower * Math.pow(upper / lower, position)
            : lower + (upper - lower) * position;
    if (whole) {
      return Math.rint(value);
    }
    double rounded = new BigDecimal(value).round(new MathContext(3)).doubleValue();
    return Math.max(lower, Math.min(upper, rounded));
  }

  /** Where a value stands, in [0, 1]; values outside the range stand at its ends. */
  public double position(double value) {
    double position =
        logarithmic
            ? Math.log(value / lower) / Math.log(upper / lower)
            : (value - lower) / (upper - lower);
    return Math.max(0, Math.min(1, position));
  }
}
