package dev.mlhandoff.ml.sequential;

/** A closed interval of real numbers. */
public record Interval(double lower, double upper) {

  /** What a difference of two quantities can be, when each lies in its interval. */
  public Interval minus(Interval other) {
    return new Interval(lower - other.upper, upper - other.lower);
  }

  /** Distance of the interval from zero: 0 if it contains zero. */
  public double leastMagnitude() {
    return Math.max(0, Math.max(lower, -upper));
  }

  public boolean contains(double value) {
    return lower <= value && value <= upper;
  }
}
