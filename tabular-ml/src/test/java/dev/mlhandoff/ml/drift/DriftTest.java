package dev.mlhandoff.ml.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DriftTest {

  private static final double RATE = 0.05;

  @Test
  void indexMatchesItsFormulaAndItsLimit() {
    StabilityIndex index = new StabilityIndex(new long[] {5000, 5000}, 10_000);
    // (0.6 - 0.5) ln(0.6 / 0.5) + (0.4 - 0.5) ln(0.4 / 0.5), smoothed by half a row a bin.
    double psi = index.of(new long[] {6000, 4000});

    assertThat(psi).isCloseTo(0.0405465, within(1e-5));
    // Chi-squared with one degree is above 3.841459 with probability 0.05.
    assertThat(index.pValue(3.841459 * (1e-4 + 1e-4))).isCloseTo(0.05, within(1e-6));
  }

  @Test
  void binsOfTwoRowsStillKeepTheRate() {
    double[] cumulative = {0.2, 0.4, 0.6, 0.8, 0.84, 0.88, 0.92, 0.96, 0.98, 1};
    long[] reference = new long[cumulative.length];
    for (int i = 0; i < reference.length; i++) {
      reference[i] = Math.round(1e6 * (cumulative[i] - (i == 0 ? 0 : cumulative[i - 1])));
    }
    StabilityIndex index = new StabilityIndex(reference, 100);
    SplittableRandom random = new SplittableRandom(3);
    int alarms = 0;
    for (int window = 0; window < 4000; window++) {
      long[] counts = new long[reference.length];
      for (int row = 0; row < 100; row++) {
        double place = random.nextDouble();
        int bin = 0;
        while (place > cumulative[bin]) {
          bin++;
        }
        counts[bin]++;
      }
      alarms += index.pValue(index.of(counts)) < RATE ? 1 : 0;
    }
    // 200 are expected of 4,000; counts of so few rows are coarse.
    assertThat(alarms).isBetween(100, 260);
  }

  @Test
  void holmStepsDownAndStopsAtTheFirstThatHolds() {
    assertThat(Holm.rejected(new double[] {0.01, 0.04, 0.03, 0.005}, 0.05))
        .containsExactly(true, false, false, true);
    assertThat(Holm.rejected(new double[] {0.012, 0.02, 0.04}, 0.05))
        .containsExactly(true, true, true);
    assertThat(Holm.rejected(new double[0], 0.05)).isEmpty();
  }

  @Test
  void aShiftOfHalfAStandardDeviationIsFoundInAThousandRows() {
    SplittableRandom random = new SplittableRandom(7);
    int found = 0;
    for (int i = 0; i < 50; i++) {
      found += alarm(random, 1000, 4000, 0.5) ? 1 : 0;
    }
    assertThat(found).isEqualTo(50);
  }

  @Test
  void missingAndUnseenValuesAreTestedApart() {
    double[] training = new double[1000];
    Arrays.setAll(training, i -> i % 50);
    double[] half = new double[200];
    Arrays.setAll(half, i -> i % 2 == 0 ? Double.NaN : i % 50);
    assertThat(pValue(new NumericReference("x", training).compare(half), "missing"))
        .isLessThan(1e-6);

    @Nullable String[] seen = new @Nullable String[1000];
    Arrays.setAll(seen, i -> i % 3 == 0 ? "a" : "b");
    @Nullable String[] other = new @Nullable String[200];
    Arrays.setAll(other, i -> i < 20 ? "c" : i % 3 == 0 ? "a" : "b");
    List<ColumnTest> tests = new CategoricalReference("c", seen).compare(other);
    assertThat(pValue(tests, "unseen")).isLessThan(1e-6);
    assertThat(pValue(tests, "psi")).isGreaterThan(0.01);
  }

  @Test
  void aConstantColumnAlarmsOnlyWhenItIsNoLongerConstant() {
    double[] constant = new double[1000];
    NumericReference reference = new NumericReference("zero", constant);
    double[] changed = new double[200];
    Arrays.fill(changed, 0, 20, 1);

    assertThat(reference.compare(new double[200])).isEmpty();
    assertThat(pValue(reference.compare(changed), "unseen")).isLessThan(1e-6);
    double[] gone = new double[200];
    Arrays.fill(gone, Double.NaN);
    assertThat(pValue(reference.compare(gone), "missing")).isLessThan(1e-6);
    assertThat(new NumericReference("none", new double[0]).compare(changed)).isEmpty();
  }

  private static boolean alarm(
      SplittableRandom random, int window, int reference, double shiftInDeviations) {
    List<ColumnTest> tests = new ArrayList<>();
    for (int column = 0; column < 5; column++) {
      int kind = column;
      double shift = column == 0 ? shiftInDeviations : 0;
      double[] training = new double[reference];
      Arrays.setAll(training, i -> draw(random, kind));
      double[] now = new double[window];
      Arrays.setAll(now, i -> draw(random, kind) + shift);
      tests.addAll(new NumericReference("n" + column, training).compare(now));
    }
    for (int column = 0; column < 2; column++) {
      int kind = column;
      @Nullable String[] training = new @Nullable String[reference];
      Arrays.setAll(training, i -> category(random, kind));
      @Nullable String[] now = new @Nullable String[window];
      Arrays.setAll(now, i -> category(random, kind));
      tests.addAll(new CategoricalReference("c" + column, training).compare(now));
    }
    boolean[] rejected =
        Holm.rejected(tests.stream().mapToDouble(ColumnTest::pValue).toArray(), RATE);
    for (boolean one : rejected) {
      if (one) {
        return true;
      }
    }
    return false;
  }

  /** Normal, skewed, counts with many ties, with missing values, and constant columns. */
  private static double draw(SplittableRandom random, int kind) {
    return switch (kind) {
      case 0 -> random.nextGaussian();
      case 1 -> Math.exp(random.nextGaussian());
      case 2 -> random.nextInt(4) * random.nextInt(3);
      case 3 -> random.nextInt(10) == 0 ? Double.NaN : random.nextDouble();
      default -> 1;
    };
  }

  private static String category(SplittableRandom random, int kind) {
    return kind == 0 ? "abcd".substring(random.nextInt(4)) : String.valueOf(random.nextInt(2));
  }

  private static double pValue(List<ColumnTest> tests, String test) {
    return tests.stream().filter(t -> t.test().equals(test)).findFirst().orElseThrow().pValue();
  }
}
