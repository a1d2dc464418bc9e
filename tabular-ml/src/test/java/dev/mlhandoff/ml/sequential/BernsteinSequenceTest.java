package dev.mlhandoff.ml.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

class BernsteinSequenceTest {

  @Test
  void matchesItsFormula() {
    BernsteinSequence sequence = new BernsteinSequence();
    assertThat(sequence.interval(0.05)).isEqualTo(new Interval(0, 1));
    for (int i = 0; i < 100; i++) {
      sequence.add(i % 2);
    }
    // Computed independently from equation 10 at the variance 26.776 that these values have.
    assertThat(sequence.interval(0.05).upper()).isCloseTo(0.7880191565724216, within(1e-12));
    assertThat(sequence.interval(0.05).lower()).isCloseTo(0.2119808434275784, within(1e-12));
  }

  @Test
  void isNarrowerForValuesThatVaryLittleAndNeverLeavesTheirRange() {
    SplittableRandom random = new SplittableRandom(42);
    BernsteinSequence calm = of(3000, () -> 0.45 + 0.1 * random.nextDouble());
    BernsteinSequence wild = of(3000, () -> random.nextDouble() < 0.5 ? 1 : 0);

    assertThat(width(calm)).isLessThan(width(wild) / 5);
    assertThat(of(50, () -> 1).interval(0.05).upper()).isEqualTo(1);
  }

  @Test
  void lookingAfterEveryValueKeepsTheErrorRate() {
    SplittableRandom random = new SplittableRandom(42);
    int missed = 0;
    for (int path = 0; path < 1000; path++) {
      BernsteinSequence sequence = new BernsteinSequence();
      boolean miss = false;
      for (int n = 0; n < 1000; n++) {
        sequence.add(random.nextDouble() < 0.1 ? 1 : 0);
        miss = miss || !sequence.interval(0.1).contains(0.1);
      }
      missed += miss ? 1 : 0;
    }
    // 99 % upper binomial limit of 100 expected misses; the bound is conservative.
    assertThat(missed).isLessThan(125);
  }

  private static BernsteinSequence of(int count, DoubleSupplier values) {
    BernsteinSequence sequence = new BernsteinSequence();
    for (int i = 0; i < count; i++) {
      sequence.add(values.getAsDouble());
    }
    return sequence;
  }

  private static double width(BernsteinSequence sequence) {
    Interval interval = sequence.interval(0.05);
    return interval.upper() - interval.lower();
  }
}
