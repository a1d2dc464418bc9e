package dev.mlhandoff.ml.bundle;

import java.util.Arrays;

/**
 * Platt scaling (Platt 1999): a logistic curve over the log-odds of the model's probability, fitted
 * by Newton's method.
 *
 * @param slope 1 changes nothing
 * @param intercept 0 changes nothing
 */
public record Calibrator(double slope, double intercept) {

  private static final int ITERATIONS = 50;
  private static final double CLIP = 1e-6;

  /** Fits slope and intercept to out-of-fold probabilities. */
  public static Calibrator fit(double[] probabilities, int[] labels) {
    double[] x = Arrays.stream(probabilities).map(Calibrator::logOdds).toArray();
    double a = 1;
    double b = 0;
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
      double ga = 0;
      double gb = 0;
      double haa = 1e-9;
      double hab = 0;
      double hbb = 1e-9;
      for (int i = 0; i < x.length; i++) {
        double p = 1 / (1 + Math.exp(-(a * x[i] + b)));
        double error = p - labels[i];
        double weight = p * (1 - p);
        ga += error * x[i];
        gb += error;
        haa += weight * x[i] * x[i];
        hab += weight * x[i];
        hbb += weight;
      }
      double determinant = haa * hbb - hab * hab;
      if (Math.abs(determinant) < 1e-12) {
        break;
      }
      double da = (hbb * ga - hab * gb) / determinant;
      double db = (haa * gb - hab * ga) / determinant;
      a -= da;
      b -= db;
      if (Math.abs(da) + Math.abs(db) < 1e-10) {
        break;
      }
    }
    // A negative slope would turn the ranking round: then there is nothing to calibrate.
    return Double.isFinite(a) && Double.isFinite(b) && a > 0
        ? new Calibrator(a, b)
        : new Calibrator(1, 0);
  }

  /** The calibrated probability. */
  public double apply(double probability) {
    return 1 / (1 + Math.exp(-(slope * logOdds(probability) + intercept)));
  }

  private static double logOdds(double probability) {
    double clipped = Math.max(CLIP, Math.min(1 - CLIP, probability));
    return Math.log(clipped / (1 - clipped));
  }
}
