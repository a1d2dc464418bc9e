package dev.mlhandoff.ml.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ConfidenceSequencesTest {

  private static final int PATHS = 1000;
  private static final int STEPS = 2000;

  @Test
  void meanMatchesItsFormula() {
    // Two-sided normal mixture at v = 25, alpha = 0.05, computed independently.
    Interval interval = MeanSequence.of(100, 50, 0.05);

    assertThat(interval.upper() - 0.5).isCloseTo(0.16819438628913908, within(1e-12));
    assertThat(interval.lower()).isCloseTo(1 - interval.upper(), within(1e-12));
    assertThat(MeanSequence.of(0, 0, 0.05).contains(1e9)).isTrue();
  }

  @Test
  void proportionMatchesItsClosedForm() {
    // Without a success the mixture is 1/(n+1), so the edge is 1 - (alpha/(n+1))^(1/n).
    Interval none = ProportionSequence.of(10, 0, 0.05);
    Interval all = ProportionSequence.of(10, 10, 0.05);

    assertThat(none.lower()).isZero();
    assertThat(none.upper()).isCloseTo(1 - Math.pow(0.05 / 11, 0.1), within(1e-9));
    assertThat(all.upper()).isEqualTo(1);
    assertThat(all.lower()).isCloseTo(1 - none.upper(), within(1e-9));
    assertThat(ProportionSequence.of(0, 0, 0.05)).isEqualTo(new Interval(0, 1));
  }

  @Test
  void lookingAfterEveryObservationKeepsTheErrorRate() {
    double alpha = 0.1;
    for (double probability : new double[] {0.02, 0.5, 0.9}) {
      SplittableRandom random = new SplittableRandom(42);
      int meanMissed = 0;
      int proportionMissed = 0;
      int fixedMissed = 0;
      for (int path = 0; path < PATHS; path++) {
        boolean mean = false;
        boolean proportion = false;
        boolean fixed = false;
        long successes = 0;
        for (int n = 1; n <= STEPS; n++) {
          successes += random.nextDouble() < probability ? 1 : 0;
          mean = mean || !MeanSequence.of(n, (double) successes, alpha).contains(probability);
          boolean looked = n % 50 == 0 || n == 10 || n == 20;
          proportion = proportion || (looked && missed(n, successes, alpha, probability));
          fixed = fixed || (n > 30 && fixedSizeMisses(n, successes, probability));
        }
        meanMissed += mean ? 1 : 0;
        proportionMissed += proportion ? 1 : 0;
        fixedMissed += fixed ? 1 : 0;
      }
      // 99 % upper binomial limit of 100 expected misses in 1,000 paths.
      assertThat(meanMissed).as("mean of %s", probability).isLessThan(125);
      assertThat(proportionMissed).as("proportion %s", probability).isBetween(5, 125);
      // The interval for one fixed size, looked at all the time, misses far too often.
      assertThat(fixedMissed).as("fixed size at %s", probability).isGreaterThan(300);
    }
  }

  @Test
  void differenceOfIntervalsCoversTheDifference() {
    Interval difference = new Interval(0.4, 0.6).minus(new Interval(0.1, 0.2));

    assertThat(difference.lower()).isCloseTo(0.2, within(1e-12));
    assertThat(difference.upper()).isCloseTo(0.5, within(1e-12));
    assertThat(difference.leastMagnitude()).isCloseTo(0.2, within(1e-12));
    assertThat(new Interval(-0.5, -0.3).leastMagnitude()).isCloseTo(0.3, within(1e-12));
    assertThat(new Interval(-0.1, 0.3).leastMagnitude()).isZero();
  }

  private static boolean missed(int n, long successes, double alpha, double probability) {
    return !ProportionSequence.of(n, successes, alpha).contains(probability);
  }

  /** The usual 90 % interval by the normal approximation. */
  private static boolean fixedSizeMisses(int n, long successes, double probability) {
    double mean = (double) successes / n;
    double error = Math.sqrt(Math.max(1e-12, probability * (1 - probability)) / n);
    return Math.abs(mean - probability) > 1.645 * error;
  }
}
