package dev.mlhandoff.ml.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlhandoff.ml.interaction.Ridits;
import dev.mlhandoff.ml.metrics.RocAuc;
import dev.mlhandoff.ml.model.ModelFamilies;
import dev.mlhandoff.ml.model.ModelFamily;
import dev.mlhandoff.ml.table.RawTable;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InteractionsTest {

  private static final int ROWS = 3000;

  private final double[] age = numbers(1);
  private final double[] spend = numbers(2);
  private final double[] noise = numbers(3);

  /** On the same side of the middle, or not; one row in ten the other way round. */
  private final int[] labels = signs(age, spend);

  @Test
  void aPairThatTellsTogetherOnlyIsAColumnOfTheModel() {
    Arrays.setAll(age, i -> i % 20 == 7 ? Double.NaN : age[i]);
    FeaturePipeline pipeline = PipelineFitter.fit(table(), labels, 10);
    FittedFeature found = pipeline.features().get(0);
    assertThat(found.name()).isEqualTo("age * spend");
    assertThat(found.type()).isEqualTo(FittedFeature.Type.INTERACTION);
    assertThat(found.sources()).containsExactly("age", "spend");

    Ridits ofAge = Ridits.fit(age);
    Ridits ofSpend = Ridits.fit(spend);
    float[][] rows = pipeline.transform(table());
    for (int i = 0; i < ROWS; i++) {
      double product = Double.isNaN(age[i]) ? 0 : ofAge.score(age[i]) * ofSpend.score(spend[i]);
      assertThat((double) rows[i][0])
          .isCloseTo((product - found.mean()) / found.deviation(), within(1e-5));
    }
  }

  @Test
  void aLogisticRegressionThenSeesWhatItCouldNot() {
    int[] training = IntStream.range(0, ROWS).filter(i -> i % 3 > 0).toArray();
    int[] rest = IntStream.range(0, ROWS).filter(i -> i % 3 == 0).toArray();
    RawTable rows = table().select(training);
    int[] known = IntStream.of(training).map(i -> labels[i]).toArray();
    FeaturePipeline with = PipelineFitter.fit(rows, known, 10);
    FeaturePipeline without =
        new FeaturePipeline(
            with.raw(),
            PipelineFitter.fit(table().select(training), shuffled(known), 10).features());
    assertThat(auc(with, rows, known, rest)).isGreaterThan(0.85);
    assertThat(auc(without, rows, known, rest)).isBetween(0.4, 0.6);
  }

  /** A pair need not rank the classes alone, as long as it adds to what both say. */
  @Test
  void whatOnlyAddsToTheSeparateEffectsIsKept() {
    Random random = new Random(9);
    for (int i = 0; i < ROWS; i++) {
      double logit = 2 * age[i] + 2 * spend[i] + 1.2 * age[i] * spend[i];
      labels[i] = random.nextDouble() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
    }
    assertThat(PipelineFitter.fit(table(), labels, 10).features())
        .extracting(FittedFeature::name)
        .containsExactlyInAnyOrder("age", "spend", "age * spend");
  }

  @Test
  void labelsDecideWhichPairAndNoValue() {
    FittedFeature before = PipelineFitter.fit(table(), labels, 10).features().get(0);
    int[] changed = labels.clone();
    for (int i = 0; i < 100; i++) {
      changed[i] = 1 - changed[i];
    }
    assertThat(PipelineFitter.fit(table(), changed, 10).features().get(0)).isEqualTo(before);
  }

  @Test
  void noiseAndOneLabelAloneGiveNone() {
    assertThat(Interactions.of(table(), shuffled(labels))).isEmpty();
    assertThat(Interactions.of(table(), new int[ROWS])).isEmpty();
    assertThat(Interactions.of(RawTable.builder(0).build(), new int[0])).isEmpty();
  }

  private double auc(FeaturePipeline pipeline, RawTable rows, int[] known, int[] rest) {
    ModelFamily family = ModelFamilies.named(ModelFamilies.BASELINE);
    double[] scores =
        family
            .train(PipelineFitter.trainingInput(pipeline, rows, known), known, family.defaults(), 1)
            .probabilities(pipeline.transform(table().select(rest)));
    return RocAuc.of(scores, IntStream.of(rest).map(i -> labels[i]).toArray());
  }

  private RawTable table() {
    return RawTable.builder(ROWS)
        .numeric("age", age)
        .numeric("spend", spend)
        .numeric("noise", noise)
        .build();
  }

  private static int[] shuffled(int[] labels) {
    int[] copy = labels.clone();
    Random random = new Random(4);
    for (int i = copy.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int label = copy[i];
      copy[i] = copy[j];
      copy[j] = label;
    }
    return copy;
  }

  private static int[] signs(double[] a, double[] b) {
    Random random = new Random(5);
    return IntStream.range(0, ROWS)
        .map(i -> (a[i] * b[i] > 0) == (random.nextDouble() < 0.9) ? 1 : 0)
        .toArray();
  }

  private static double[] numbers(long seed) {
    return new Random(seed).doubles(ROWS, -1, 1).toArray();
  }
}
