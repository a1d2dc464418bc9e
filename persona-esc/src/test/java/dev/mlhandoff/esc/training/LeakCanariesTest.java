package dev.mlhandoff.esc.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.ml.table.RawTable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LeakCanariesTest {

  private static final int ROWS = 500;
  private static final int FOLDS = 5;
  private static final int EACH = 50;
  private static final int SEEDS = 200;

  /** With two positives a fold, shuffling over all rows leaves one fold of ten without any. */
  @Test
  void aShuffledRareTargetCanStillBeRankedAndIsSeldomAnAlarm() {
    TrainingData data = rare();

    List<LeakCanaries> canaries =
        IntStream.range(0, SEEDS)
            .mapToObj(seed -> LeakCanaries.of(data, 50, seed, Map.of()))
            .toList();

    assertThat(canaries).allSatisfy(one -> assertThat(one.shuffledAuc()).isBetween(0.0, 1.0));
    assertThat(canaries.stream().filter(one -> !one.alarms().isEmpty()).count())
        .isLessThanOrEqualTo(SEEDS / 50);
  }

  /** The target is independent of the columns. */
  private static TrainingData rare() {
    SplittableRandom random = new SplittableRandom(1);
    RawTable.Builder table = RawTable.builder(ROWS);
    for (int column = 0; column < 4; column++) {
      double[] values = new double[ROWS];
      Arrays.setAll(values, row -> random.nextDouble());
      table.numeric("length_" + column, values);
    }
    int[] labels = new int[ROWS];
    Arrays.setAll(labels, row -> row % EACH == 0 ? 1 : 0);
    int[] folds = new int[ROWS];
    Arrays.setAll(folds, row -> row / EACH % FOLDS);
    List<String> keys = IntStream.range(0, ROWS).mapToObj(String::valueOf).toList();
    return new TrainingData(table.build(), labels, folds, keys);
  }
}
