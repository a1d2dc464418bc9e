package dev.mlhandoff.ml.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlhandoff.ml.metrics.RocAuc;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ModelFamiliesTest {

  private static final int ROWS = 600;
  private static final int WIDTH = 4;

  static Stream<String> names() {
    return ModelFamilies.names().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void trainsTheSameBytesAgainAndReadsThemBack(String name) {
    ModelFamily family = ModelFamilies.named(name);
    Model first = train(family);

    assertThat(train(family).toBytes()).isEqualTo(first.toBytes());
    Model read = family.read(first.toBytes());
    assertThat(read.probabilities(rows())).isEqualTo(first.probabilities(rows()));
    assertThat(read.toBytes()).isEqualTo(first.toBytes());
  }

  @ParameterizedTest
  @MethodSource("names")
  void learnsWhatIsThereToLearn(String name) {
    assertThat(RocAuc.of(train(ModelFamilies.named(name)).probabilities(rows()), labels()))
        .isGreaterThan(0.85);
  }

  @ParameterizedTest
  @MethodSource("names")
  void contributionsAddUpToTheLogOddsOfTheProbability(String name) {
    Model model = train(ModelFamilies.named(name));
    float[][] rows = rows();
    double[] probabilities = model.probabilities(rows);
    for (int i = 0; i < 50; i++) {
      double[] contributions = model.contributions(rows[i]);
      assertThat(contributions).hasSize(WIDTH + 1);
      double logOdds = Math.log(probabilities[i] / (1 - probabilities[i]));
      assertThat(Arrays.stream(contributions).sum()).isCloseTo(logOdds, within(1e-3));
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void theColumnThatDecidesMattersMost(String name) {
    double[] importance = train(ModelFamilies.named(name)).importance(WIDTH);

    assertThat(importance).hasSize(WIDTH);
    assertThat(importance[1]).isEqualTo(Arrays.stream(importance).max().orElseThrow());
  }

  @ParameterizedTest
  @MethodSource("names")
  void defaultsLieInsideTheSpaceAndPositionsComeBack(String name) {
    ModelFamily family = ModelFamilies.named(name);
    family
        .space()
        .forEach(
            (parameter, range) -> {
              assertThat(family.defaults().get(parameter)).isBetween(range.lower(), range.upper());
              assertThat(range.at(0)).isEqualTo(range.lower());
              assertThat(range.at(1)).isEqualTo(range.upper());
              assertThat(range.position(range.at(0.4))).isCloseTo(0.4, within(0.15));
            });
  }

  private static Model train(ModelFamily family) {
    return family.train(rows(), labels(), family.defaults(), 42);
  }

  /** The second column decides, the third helps, the others are noise. */
  private static int[] labels() {
    float[][] rows = rows();
    SplittableRandom random = new SplittableRandom(2);
    return Arrays.stream(rows)
        .mapToInt(row -> random.nextDouble() < 1 / (1 + Math.exp(-3 * row[1] - row[2])) ? 1 : 0)
        .toArray();
  }

  private static float[][] rows() {
    SplittableRandom random = new SplittableRandom(1);
    float[][] rows = new float[ROWS][WIDTH];
    for (float[] row : rows) {
      for (int j = 0; j < WIDTH; j++) {
        row[j] = (float) random.nextGaussian();
      }
    }
    return rows;
  }
}
