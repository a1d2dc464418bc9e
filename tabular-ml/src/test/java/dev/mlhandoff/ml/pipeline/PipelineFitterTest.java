package dev.mlhandoff.ml.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlhandoff.ml.metrics.RocAuc;
import dev.mlhandoff.ml.table.RawTable;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PipelineFitterTest {

  private static final int ROWS = 400;
  private static final int[] LABELS = IntStream.range(0, ROWS).map(i -> i % 2).toArray();

  @Test
  void learnsNothingFromRowsItIsNotFittedOn() {
    int[] training = IntStream.range(0, ROWS / 2).toArray();
    int[] labels = IntStream.of(training).map(i -> LABELS[i]).toArray();
    double[] amounts = numbers(1);
    @Nullable String[] towns = categories(30);
    FeaturePipeline before = PipelineFitter.fit(table(amounts, towns).select(training), labels, 10);
    for (int i = ROWS / 2; i < ROWS; i++) {
      amounts[i] = 1e9;
      towns[i] = "elsewhere";
    }
    FeaturePipeline after = PipelineFitter.fit(table(amounts, towns).select(training), labels, 10);
    assertThat(after).isEqualTo(before);
  }

  @Test
  void changesWhenTheRowsItIsFittedOnChange() {
    double[] amounts = numbers(1);
    FeaturePipeline before = PipelineFitter.fit(table(amounts, categories(5)), LABELS, 10);
    amounts[3] += 1000;
    assertThat(PipelineFitter.fit(table(amounts, categories(5)), LABELS, 10)).isNotEqualTo(before);
  }

  @Test
  void constantAndIdentifyingColumnsAreNoFeatures() {
    @Nullable String[] own =
        IntStream.range(0, ROWS).mapToObj(i -> "id " + i).toArray(String[]::new);
    RawTable useless =
        RawTable.builder(ROWS)
            .numeric("constant", new double[ROWS])
            .categorical("own", own)
            .categorical("same", categories(1))
            .build();

    assertThat(PipelineFitter.hasFeatures(useless, LABELS)).isFalse();
    assertThat(PipelineFitter.fit(useless, LABELS, 10).features()).isEmpty();
    assertThat(PipelineFitter.hasFeatures(table(numbers(1), categories(1)), LABELS)).isTrue();
    assertThat(PipelineFitter.hasFeatures(table(new double[ROWS], categories(3)), LABELS)).isTrue();
  }

  @Test
  void turnsTheLargestNumbersIntoFiniteInput() {
    double[] raw = numbers(1);
    for (int i = 0; i < ROWS; i += 10) {
      raw[i] = i % 20 == 0 ? Double.MAX_VALUE : -Double.MAX_VALUE;
    }
    RawTable table = RawTable.builder(ROWS).numeric("amount", raw).build();
    for (float[] row : PipelineFitter.fit(table, LABELS, 10).transform(table)) {
      assertThat(row).hasSize(1);
      assertThat(row[0]).isFinite();
    }
  }

  @Test
  void standardisesAndImputesTheMedianWithAnIndicator() {
    double[] raw = new double[ROWS];
    for (int i = 0; i < ROWS; i++) {
      raw[i] = i < 80 && i % 2 == 1 ? Double.NaN : i % 2 == 0 ? 10 : 20;
    }
    RawTable table = RawTable.builder(ROWS).numeric("größe", raw).build();
    FeaturePipeline pipeline = PipelineFitter.fit(table, LABELS, 10);
    assertThat(pipeline.features())
        .extracting(FittedFeature::name)
        .containsExactlyInAnyOrder("größe", "größe missing");
    FittedFeature number =
        pipeline.features().stream()
            .filter(f -> f.name().equals("größe"))
            .findFirst()
            .orElseThrow();
    // 200 rows of 10 and 160 of 20; the median stands in for the 40 missing.
    assertThat(number.impute()).isEqualTo(10);
    assertThat(number.mean()).isCloseTo(14, within(1e-9));
    assertThat(number.ofNumber(Double.NaN)).isEqualTo(number.ofNumber(10));
  }

  @Test
  void capsWhatLiesOutsideTheTrainedRange() {
    FeaturePipeline pipeline = PipelineFitter.fit(table(numbers(1), categories(3)), LABELS, 10);
    FittedFeature number =
        pipeline.features().stream()
            .filter(f -> f.name().equals("amount"))
            .findFirst()
            .orElseThrow();
    assertThat(number.ofNumber(1e300)).isEqualTo(number.ofNumber(number.upper()));
    assertThat(number.ofNumber(-1e300)).isEqualTo(number.ofNumber(number.lower()));
  }

  @Test
  void neverSelectsConstantMissingOrIdentifyingColumns() {
    double[] missing = new double[ROWS];
    Arrays.fill(missing, Double.POSITIVE_INFINITY);
    @Nullable String[] ids = new @Nullable String[ROWS];
    @Nullable String[] single = new @Nullable String[ROWS];
    for (int i = 0; i < ROWS; i++) {
      ids[i] = "customer " + i;
      single[i] = "same";
    }
    RawTable table =
        RawTable.builder(ROWS)
            .numeric("constant", new double[ROWS])
            .numeric("all missing", missing)
            .categorical("id", ids)
            .categorical("single", single)
            .categorical("null", new @Nullable String[ROWS])
            .numeric("amount", numbers(2))
            .build();
    assertThat(PipelineFitter.fit(table, LABELS, 50).features())
        .extracting(FittedFeature::source)
        .containsOnly("amount");
  }

  @Test
  void givesUnseenCategoriesThePrior() {
    FeaturePipeline pipeline = PipelineFitter.fit(table(numbers(1), telling(30)), LABELS, 10);
    FittedFeature town = ofType(pipeline, FittedFeature.Type.TARGET_MEAN);
    assertThat(town.ofCategory("nowhere"))
        .isCloseTo((0.5 - town.mean()) / town.deviation(), within(1e-9));
  }

  @Test
  void encodesHowFrequentACategoryIs() {
    // Positives live in one big town or in one of twenty small ones; all others in small ones.
    @Nullable String[] towns = new @Nullable String[ROWS];
    for (int i = 0; i < ROWS; i++) {
      towns[i] = i % 4 == 1 ? "big" : "town " + (i / 7) % 20;
    }
    RawTable table = RawTable.builder(ROWS).categorical("town", towns).build();
    FittedFeature frequency =
        ofType(PipelineFitter.fit(table, LABELS, 10), FittedFeature.Type.FREQUENCY);
    assertThat(frequency.encoding()).containsEntry("big", 0.25);
    assertThat(frequency.ofCategory("big")).isGreaterThan(frequency.ofCategory("town 2"));
    assertThat(frequency.ofCategory("nowhere"))
        .isCloseTo(-frequency.mean() / frequency.deviation(), within(1e-9));
  }

  @Test
  void selectsNoNoiseAndOneOfTwoThatSayTheSame() {
    double[] amounts = numbers(1);
    double[] rounded = new double[ROWS];
    double[] noise = new double[ROWS];
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < ROWS; i++) {
      rounded[i] = Math.round(amounts[i] * 50) / 50.0;
      noise[i] = random.nextDouble();
    }
    RawTable table =
        RawTable.builder(ROWS)
            .numeric("noise", noise)
            .numeric("amount", amounts)
            .numeric("rounded", rounded)
            .categorical("town", telling(4))
            .build();
    assertThat(PipelineFitter.fit(table, LABELS, 10).features())
        .extracting(FittedFeature::source)
        .contains("amount", "town")
        .doesNotContain("noise", "rounded");
  }

  @Test
  void keepsTheBestColumnEvenIfNoneTellsAnything() {
    RawTable table = RawTable.builder(ROWS).categorical("town", categories(4)).build();
    assertThat(PipelineFitter.fit(table, LABELS, 10).features()).hasSize(1);
  }

  @Test
  void encodesTrainingRowsByTheTargetOfOtherRows() {
    // A hundred categories without meaning: a row's own target must not shine through.
    @Nullable String[] towns = categories(100);
    RawTable table = RawTable.builder(ROWS).categorical("town", towns).build();
    int[] labels = new SplittableRandom(5).ints(ROWS, 0, 2).toArray();
    SortedMap<String, Double> means = new TreeMap<>();
    for (String town : new TreeSet<>(Arrays.asList(towns))) {
      int[] rows = IntStream.range(0, ROWS).filter(i -> town.equals(towns[i])).toArray();
      double positives = IntStream.of(rows).map(row -> labels[row]).sum();
      means.put(town, TargetMeans.smoothed(positives, rows.length, 0.5));
    }
    // Selection would leave it out, so it is put together by hand.
    FeaturePipeline pipeline =
        new FeaturePipeline(
            table.columns(),
            List.of(
                new FittedFeature(
                    "town target mean",
                    "town",
                    FittedFeature.Type.TARGET_MEAN,
                    0.5,
                    0,
                    1,
                    null,
                    means)));
    assertThat(RocAuc.of(first(pipeline.transform(table)), labels)).isGreaterThan(0.7);
    assertThat(RocAuc.of(first(PipelineFitter.trainingInput(pipeline, table, labels)), labels))
        .isBetween(0.4, 0.6);
  }

  @Test
  void keepsNoMoreColumnsThanAskedFor() {
    assertThat(PipelineFitter.fit(table(numbers(1), telling(8)), LABELS, 3).features()).hasSize(3);
  }

  private static double[] first(float[][] rows) {
    return IntStream.range(0, rows.length).mapToDouble(i -> rows[i][0]).toArray();
  }

  private static double[] numbers(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return IntStream.range(0, ROWS).mapToDouble(i -> random.nextDouble() + LABELS[i]).toArray();
  }

  private static @Nullable String[] categories(int count) {
    SplittableRandom random = new SplittableRandom(count);
    @Nullable String[] values = new @Nullable String[ROWS];
    for (int i = 0; i < ROWS; i++) {
      values[i] = "town " + random.nextInt(count);
    }
    return values;
  }

  /** Towns of which the first half has mostly positives. */
  private static @Nullable String[] telling(int count) {
    SplittableRandom random = new SplittableRandom(count);
    @Nullable String[] values = new @Nullable String[ROWS];
    for (int i = 0; i < ROWS; i++) {
      boolean first = random.nextInt(10) == 0 ? LABELS[i] == 0 : LABELS[i] == 1;
      values[i] = "town " + (random.nextInt(count / 2) + (first ? 0 : count / 2));
    }
    return values;
  }

  private static FittedFeature ofType(FeaturePipeline pipeline, FittedFeature.Type type) {
    return pipeline.features().stream().filter(f -> f.type() == type).findFirst().orElseThrow();
  }

  private static RawTable table(double[] amounts, @Nullable String[] towns) {
    return RawTable.builder(amounts.length)
        .numeric("amount", amounts)
        .categorical("town", towns)
        .build();
  }
}
