package dev.mlhandoff.esc.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.ml.bundle.Calibrator;
import dev.mlhandoff.ml.metrics.Classification;
import dev.mlhandoff.ml.table.RawTable;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What judges a fold has learned nothing from that fold's rows. */
class FoldIsolationTest {

  private static final int ROWS = 600;
  private static final int FOLDS = 3;

  @Test
  void theModelsInputOfAFoldKnowsNeitherItsLabelsNorItsValues() {
    TrainingData data = data(1);
    FoldInput before = FoldInput.of(data, 0, 10);
    RawTable table = data.table();
    double[] amounts = table.numbers("amount").clone();
    @Nullable String[] towns = table.categories("town").clone();
    for (int row : data.rows(0, true)) {
      amounts[row] = 1e6 + row;
      towns[row] = "elsewhere";
    }
    RawTable changed =
        RawTable.builder(ROWS).numeric("amount", amounts).categorical("town", towns).build();
    FoldInput after =
        FoldInput.of(new TrainingData(changed, flipped(data, 0), data.fold(), data.keys()), 0, 10);

    assertThat(after.pipeline()).isEqualTo(before.pipeline());
    assertThat(after.training()).isDeepEqualTo(before.training());
    assertThat(after.trainingLabels()).isEqualTo(before.trainingLabels());
    assertThat(FoldInput.of(data, 1, 10).pipeline()).isNotEqualTo(before.pipeline());
  }

  @Test
  void aFoldsProbabilitiesAreCalibratedByTheOtherFolds() {
    TrainingData data = data(2);
    double[] scores = scores(data);
    double[] before = CrossFitting.of(data, scores).calibrated();
    double[] after =
        CrossFitting.of(
                new TrainingData(data.table(), flipped(data, 0), data.fold(), data.keys()), scores)
            .calibrated();

    assertThat(Rows.select(after, data.rows(0, true)))
        .isEqualTo(Rows.select(before, data.rows(0, true)));
    assertThat(Rows.select(after, data.rows(1, true)))
        .isNotEqualTo(Rows.select(before, data.rows(1, true)));
    int[] others = data.rows(2, false);
    Calibrator expected = Calibrator.fit(Rows.select(scores, others), data.labels(others));
    int row = data.rows(2, true)[7];
    assertThat(before[row]).isEqualTo(expected.apply(scores[row]));
  }

  @Test
  void aFoldsThresholdIsTheBestOfTheOtherFolds() {
    TrainingData data = data(3);
    CrossFitting fitted = CrossFitting.of(data, scores(data));
    for (int fold = 0; fold < FOLDS; fold++) {
      int[] others = data.rows(fold, false);
      assertThat(fitted.foldThresholds().get(fold))
          .isEqualTo(
              Classification.bestF1Threshold(
                  Rows.select(fitted.calibrated(), others), data.labels(others)));
    }
    double all = Classification.bestF1Threshold(fitted.calibrated(), data.labels());
    assertThat(fitted.foldThresholds()).anyMatch(threshold -> threshold != all);
  }

  private static int[] flipped(TrainingData data, int fold) {
    int[] labels = data.labels().clone();
    for (int row : data.rows(fold, true)) {
      labels[row] = 1 - labels[row];
    }
    return labels;
  }

  private static double[] scores(TrainingData data) {
    SplittableRandom random = new SplittableRandom(9);
    return IntStream.of(data.labels())
        .mapToDouble(label -> 0.1 + 0.3 * label + 0.5 * random.nextDouble())
        .toArray();
  }

  private static TrainingData data(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] amounts = new double[ROWS];
    @Nullable String[] towns = new @Nullable String[ROWS];
    int[] labels = new int[ROWS];
    int[] fold = new int[ROWS];
    for (int i = 0; i < ROWS; i++) {
      amounts[i] = random.nextGaussian();
      int town = random.nextInt(30);
      towns[i] = "town " + town;
      labels[i] = random.nextDouble() < 1 / (1 + Math.exp(-amounts[i] - (town - 15) / 5.0)) ? 1 : 0;
      fold[i] = i % FOLDS;
    }
    return new TrainingData(
        RawTable.builder(ROWS).numeric("amount", amounts).categorical("town", towns).build(),
        labels,
        fold,
        IntStream.range(0, ROWS).mapToObj(i -> "row " + i).toList());
  }
}
