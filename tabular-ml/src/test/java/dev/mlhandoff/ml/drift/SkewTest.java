package dev.mlhandoff.ml.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlhandoff.ml.drift.SkewReport.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SkewTest {

  private static final double RATE = 0.01;

  @Test
  void sharesAndIndexAreThoseWorkedOutByHand() {
    @Nullable String[] training = repeated("a", 60, "b", 36, "once", 1, "only", 1, null, 2);
    @Nullable String[] now = repeated("a", 30, "b", 40, "new", 20, null, 10);
    ColumnSkew skew = ColumnSkew.of(new CategoricalReference("plan", training), now, 0.05);

    assertThat(skew.missingInTraining()).isEqualTo(0.02);
    assertThat(skew.missingNow()).isEqualTo(0.1);
    assertThat(skew.unknownCategories()).isEqualTo(20 / 90.0);
    assertThat(skew.expectedUnknown()).isEqualTo(2 / 98.0);
    // Bins a, b, once and only, each with half a row more; each of the last two is 1 % of 98 rows.
    double[] before = {60.5 / 100, 36.5 / 100, 1.5 / 100, 1.5 / 100};
    double[] after = {30.5 / 72, 40.5 / 72, 0.5 / 72, 0.5 / 72};
    double psi =
        IntStream.range(0, 4)
            .mapToDouble(i -> (after[i] - before[i]) * Math.log(after[i] / before[i]))
            .sum();
    assertThat(skew.stabilityIndex()).isCloseTo(psi, within(1e-12));
    // Chi-squared with three degrees is above 7.814728 with probability 0.05.
    assertThat(skew.bound()).isCloseTo(7.814728 * (1 / 98.0 + 1 / 70.0), within(1e-6));
  }

  @Test
  void findsWhatChangedAndNothingElse() {
    SplittableRandom random = new SplittableRandom(5);
    double[] training = random.doubles(2000).toArray();
    double[] alike = random.doubles(500).toArray();
    double[] gone = alike.clone();
    Arrays.fill(gone, 0, 40, Double.NaN);
    double[] shifted = Arrays.stream(alike).map(x -> x + 0.15).toArray();
    NumericReference reference = new NumericReference("x", training);
    @Nullable String[] plans = plans(random, 2000);
    @Nullable String[] other = plans(random, 500);
    Arrays.fill(other, 0, 30, "new");

    SkewReport report =
        SkewReport.decide(
            RATE,
            2000,
            500,
            List.of(
                ColumnSkew.of(reference, alike, RATE),
                ColumnSkew.of(reference, gone, RATE),
                ColumnSkew.of(reference, shifted, RATE),
                ColumnSkew.of(new CategoricalReference("plan", plans), plans(random, 500), RATE),
                ColumnSkew.of(new CategoricalReference("plan", plans), other, RATE),
                ColumnSkew.of(
                    new NumericReference("none", new double[] {}), new double[] {}, RATE)));

    assertThat(report.columns())
        .extracting(SkewReport.Column::verdict)
        .containsExactly(
            Verdict.ALIKE,
            Verdict.SKEWED,
            Verdict.SKEWED,
            Verdict.ALIKE,
            Verdict.SKEWED,
            Verdict.UNTESTED);
    assertThat(report.columns().get(1).findings()).containsExactly("missing");
    assertThat(report.columns().get(2).findings()).contains("psi", "ks");
    assertThat(report.columns().get(4).findings()).contains("unseen");
    assertThat(report.skewed()).hasSize(3);
    ColumnSkew first = report.columns().get(0).skew();
    assertThat(first.stabilityIndex()).isLessThan(first.bound());
    ColumnSkew third = report.columns().get(2).skew();
    assertThat(third.stabilityIndex()).isGreaterThan(third.bound());
  }

  @Test
  void newNamesAmongManyThatStandOnceAreNoSkew() {
    // In 400 samples of 300 of 20,000 names, against another of 1,000, most are unknown.
    SplittableRandom random = new SplittableRandom(9);
    int alarms = 0;
    for (int sample = 0; sample < 400; sample++) {
      CategoricalReference training = new CategoricalReference("name", names(random, 1000));
      ColumnSkew skew = ColumnSkew.of(training, names(random, 300), RATE);
      assertThat(skew.unknownCategories()).isGreaterThan(0.8);
      assertThat(skew.expectedUnknown()).isCloseTo(skew.unknownCategories(), within(0.12));
      alarms += SkewReport.decide(RATE, 1000, 300, List.of(skew)).skewed().isEmpty() ? 0 : 1;
    }
    assertThat(alarms).isLessThan(400 / 20);
  }

  private static @Nullable String[] plans(SplittableRandom random, int rows) {
    return IntStream.range(0, rows)
        .mapToObj(i -> random.nextInt(4) == 0 ? "plus" : "basic")
        .toArray(String[]::new);
  }

  private static @Nullable String[] names(SplittableRandom random, int rows) {
    return IntStream.range(0, rows)
        .mapToObj(i -> "n" + random.nextInt(20_000))
        .toArray(String[]::new);
  }

  private static @Nullable String[] repeated(@Nullable Object... valuesAndCounts) {
    List<@Nullable String> all = new ArrayList<>();
    for (int i = 0; i < valuesAndCounts.length; i += 2) {
      Object value = valuesAndCounts[i];
      int count = valuesAndCounts[i + 1] instanceof Integer n ? n : 0;
      for (int k = 0; k < count; k++) {
        all.add(value == null ? null : value.toString());
      }
    }
    return all.toArray(new @Nullable String[0]);
  }
}
