package dev.mlhandoff.ml.sequential;

import org.apache.commons.numbers.gamma.LogBeta;

/**
 * Confidence sequence for a proportion: all values whose likelihood ratio against a uniform mixture
 * has stayed below {@code 1 / alpha} (Robbins' mixture martingale with a Beta(1, 1) prior and
 * Ville's inequality; the beta-binomial mixture of Howard et al. 2021). Tight near 0 and 1.
 */
public final class ProportionSequence {

  private static final int BISECTIONS = 60;

  private ProportionSequence() {}

  /**
   * The interval after so many trials.
   *
   * @param trials from 0
   * @param successes 0 to trials
   * @param alpha probability that any interval ever misses, in (0, 1)
   */
  public static Interval of(long trials, long successes, double alpha) {
    if (trials == 0) {
      return new Interval(0, 1);
    }
    double estimate = (double) successes / trials;
    return new Interval(
        successes == 0 ? 0 : edge(trials, successes, alpha, 0, estimate),
        successes == trials ? 1 : edge(trials, successes, alpha, 1, estimate));
  }

  /** The evidence against a proportion rises from the estimate outward; find where it is enough. */
  private static double edge(
      long trials, long successes, double alpha, double outside, double inside) {
    double limit = -Math.log(alpha);
    double out = outside;
    double in = inside;
    for (int i = 0; i < BISECTIONS; i++) {
      double middle = (out + in) / 2;
      if (evidence(trials, successes, middle) < limit) {
        in = middle;
      } else {
        out = middle;
      }
    }
    return out;
  }

  private static double evidence(long trials, long successes, double proportion) {
    long failures = trials - successes;
    double mixture = LogBeta.value(1.0 + successes, 1.0 + failures);
    double likelihood = 0;
    if (successes > 0) {
      likelihood += successes * Math.log(proportion);
    }
    if (failures > 0) {
      likelihood += failures * Math.log1p(-proportion);
    }
    return mixture - likelihood;
  }
}
