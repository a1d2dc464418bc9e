package dev.mlhandoff.ml.interaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.junit.jupiter.api.Test;

class InteractionSearchTest {

  private static final int COLUMNS = 6;

  @Test
  void findsExactlyThePairWhoseSignsDecide() {
    for (int seed = 0; seed < 5; seed++) {
      Random random = new Random(seed);
      List<double[]> columns = columns(2000, random);
      InteractionSearch.Found found = search(columns, random, row -> row[1] * row[4] > 0 ? 1 : -1);
      assertThat(found.interactions())
          .singleElement()
          .satisfies(
              pair -> {
                assertThat(pair.first()).isEqualTo(1);
                assertThat(pair.second()).isEqualTo(4);
                assertThat(pair.pValue()).isLessThan(1e-20);
              });
      assertThat(found.pairs()).isEqualTo(COLUMNS * (COLUMNS - 1) / 2);
    }
  }

  @Test
  void findsTwoPairsBesideEachOther() {
    Random random = new Random(11);
    List<double[]> columns = columns(3000, random);
    assertThat(search(columns, random, row -> row[0] * row[1] + row[2] * row[3]).interactions())
        .extracting(pair -> pair.first() + " " + pair.second())
        .containsExactlyInAnyOrder("0 1", "2 3");
  }

  /** 150 tables with curved, correlated, partly missing effects: one or two may have a pair. */
  @Test
  void findsNothingInSeparateEffectsMoreOftenThanStated() {
    int wrong = 0;
    int repetitions = 150;
    for (int seed = 0; seed < repetitions; seed++) {
      Random random = new Random(1000 + seed);
      List<double[]> columns = columns(600, random);
      // The second follows the first, whose effect is curved: a product would pick that up.
      double[] first = columns.get(0);
      double[] second = columns.get(1);
      Arrays.setAll(second, i -> first[i] + 0.6 * second[i]);
      int[] labels =
          labels(columns, random, row -> 0.8 * row[0] * row[0] - row[2] + Math.abs(row[3]) - 1);
      double[] third = columns.get(2);
      Arrays.setAll(third, i -> i % 10 == 0 ? Double.NaN : third[i]);
      wrong += new InteractionSearch(columns, labels).find().interactions().isEmpty() ? 0 : 1;
    }
    double rate = InteractionSearch.FAMILY_WISE_ERROR;
    double error = Math.sqrt(rate * (1 - rate) / repetitions);
    System.out.printf("pairs found in separate effects: %d of %d tables%n", wrong, repetitions);
    assertThat((double) wrong / repetitions).isLessThanOrEqualTo(rate + 3 * error);
  }

  @Test
  void findsNothingInNoise() {
    int wrong = 0;
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      wrong += search(columns(600, random), random, row -> 0).interactions().isEmpty() ? 0 : 1;
    }
    assertThat(wrong).isLessThanOrEqualTo(4);
  }

  @Test
  void doesNotSearchWhereThereAreTooFewRows() {
    Random random = new Random(1);
    InteractionSearch.Found found =
        search(columns(100, random), random, row -> row[0] * row[1] > 0 ? 9 : -9);
    assertThat(found.pairs()).isZero();
    assertThat(found.interactions()).isEmpty();
  }

  @Test
  void copiesAndConstantsStandForNothingOfTheirOwn() {
    Random random = new Random(3);
    List<double[]> columns = columns(2000, random);
    columns.add(Arrays.stream(columns.get(1)).map(Math::exp).toArray());
    columns.add(new double[2000]);
    double[] missing = new double[2000];
    Arrays.fill(missing, Double.NaN);
    columns.add(missing);
    InteractionSearch.Found found = search(columns, random, row -> 2 * row[1] * row[4]);
    assertThat(found.columns()).isEqualTo(COLUMNS);
    assertThat(found.interactions()).hasSize(1);
  }

  @Test
  void risingTransformationsChangeNothing() {
    Random random = new Random(5);
    List<double[]> columns = columns(2000, random);
    int[] labels = labels(columns, random, row -> row[0] * row[3]);
    List<double[]> transformed =
        columns.stream().map(c -> Arrays.stream(c).map(Math::exp).toArray()).toList();
    List<InteractionSearch.Interaction> plain =
        new InteractionSearch(columns, labels).find().interactions();
    assertThat(new InteractionSearch(transformed, labels).find().interactions())
        .extracting(InteractionSearch.Interaction::pValue)
        .isEqualTo(plain.stream().map(InteractionSearch.Interaction::pValue).toList());
  }

  /** Beside an intercept alone the statistic is that of Cochran and Armitage's test for trend. */
  @Test
  void scoreTestOfATrend() {
    int[] labels = {1, 0, 0, 0, 1, 0, 1, 1, 0, 1, 1, 1};
    double[] column = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2};
    // Share 7/12; covariance sum 9 - 12 * 1 * 7/12 = 2; spread sum 8.
    double statistic = 2.0 * 2.0 / (7.0 / 12 * 5 / 12 * 8);
    assertThat(new ScoreTest(List.of(), labels).pValue(column))
        .isCloseTo(ChiSquaredDistribution.of(1).survivalProbability(statistic), within(1e-6));
  }

  @Test
  void whatTheModelHasAlreadySaysNothingMore() {
    Random random = new Random(8);
    List<double[]> columns = columns(500, random);
    int[] labels = labels(columns, random, row -> 2 * row[0]);
    ScoreTest test = new ScoreTest(columns.subList(0, 2), labels);
    double[] sum = columns.get(0).clone();
    Arrays.setAll(sum, i -> sum[i] + 3 * columns.get(1)[i]);
    assertThat(test.pValue(sum)).isEqualTo(1);
    assertThat(new ScoreTest(List.of(), labels).pValue(columns.get(0))).isLessThan(1e-20);
  }

  @Test
  void riditsStandAroundZeroWithTiesTogether() {
    double[] values = {5, 5, 5, 5, 1, 1, 9, 9, Double.NaN, 5};
    Ridits ridits = Ridits.fit(values);
    assertThat(ridits.bounds()).containsExactly(1.0, 5.0);
    assertThat(ridits.score(1)).isCloseTo(1.0 / 9 - 0.5, within(1e-12));
    assertThat(ridits.score(5)).isCloseTo(4.5 / 9 - 0.5, within(1e-12));
    assertThat(ridits.score(9)).isCloseTo(8.0 / 9 - 0.5, within(1e-12));
    assertThat(ridits.score(1e9)).isEqualTo(ridits.score(9));
    assertThat(ridits.score(Double.NaN)).isZero();
    assertThat(DoubleStream.of(values).map(ridits::score).sum()).isCloseTo(0, within(1e-12));
  }

  private static InteractionSearch.Found search(
      List<double[]> columns, Random random, ToDoubleFunction<double[]> logit) {
    return new InteractionSearch(columns, labels(columns, random, logit)).find();
  }

  private static List<double[]> columns(int rows, Random random) {
    List<double[]> columns = new ArrayList<>();
    for (int column = 0; column < COLUMNS; column++) {
      columns.add(DoubleStream.generate(random::nextGaussian).limit(rows).toArray());
    }
    return columns;
  }

  private static int[] labels(
      List<double[]> columns, Random random, ToDoubleFunction<double[]> logit) {
    int[] labels = new int[columns.get(0).length];
    for (int i = 0; i < labels.length; i++) {
      int at = i;
      double[] row = columns.stream().mapToDouble(column -> column[at]).toArray();
      labels[i] = random.nextDouble() < 1 / (1 + Math.exp(-logit.applyAsDouble(row))) ? 1 : 0;
    }
    return labels;
  }
}
