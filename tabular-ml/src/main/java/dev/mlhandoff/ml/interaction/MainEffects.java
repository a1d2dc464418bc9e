package dev.mlhandoff.ml.interaction;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What one column says alone: a smooth curve over its ranks, and whether it is missing. */
final class MainEffects {

  /** Degree of the polynomial; a bend that it does not follow might pass for an interaction. */
  static final int DEGREE = 4;

  private MainEffects() {}

  /** Legendre polynomials of the scores, up to what the number of bins allows, standardised. */
  static List<double[]> of(double[] values, Ridits ridits) {
    List<double[]> effects = new ArrayList<>();
    for (int degree = 1; degree <= Math.min(DEGREE, ridits.bounds().size()); degree++) {
      int wanted = degree;
      effects.add(Arrays.stream(values).map(v -> legendre(wanted, 2 * ridits.score(v))).toArray());
    }
    effects.add(Arrays.stream(values).map(v -> Double.isNaN(v) ? 1 : 0).toArray());
    effects.removeIf(effect -> !standardise(effect));
    return effects;
  }

  /** To mean 0 and variance 1, in place; false if it is constant. */
  static boolean standardise(double[] column) {
    double mean = Arrays.stream(column).average().orElse(0);
    double variance = Arrays.stream(column).map(v -> (v - mean) * (v - mean)).average().orElse(0);
    if (variance < 1e-12) {
      return false;
    }
    double deviation = Math.sqrt(variance);
    Arrays.setAll(column, i -> (column[i] - mean) / deviation);
    return true;
  }

  /** By Bonnet's recursion. */
  private static double legendre(int degree, double x) {
    double before = 1;
    double current = x;
    for (int n = 1; n < degree; n++) {
      double next = ((2 * n + 1) * x * current - n * before) / (n + 1);
      before = current;
      current = next;
    }
    return current;
  }
}
