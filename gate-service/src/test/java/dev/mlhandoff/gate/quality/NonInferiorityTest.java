package dev.mlhandoff.gate.quality;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.messages.ChampionComparison;
import dev.mlhandoff.ml.metrics.RocAuc;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NonInferiorityTest {

  private static final int ROWS = 1000;
  private static final double MARGIN = 0.02;

  private final Random random = new Random(7);
  private final double[] signal = normals();
  private final int[] labels =
      Arrays.stream(signal).mapToInt(s -> s + 0.5 * random.nextGaussian() > 0 ? 1 : 0).toArray();
  private final double[] champion = noisy(1.0);

  @Test
  void theSameModelDiffersByNothing() {
    ChampionComparison comparison = compare(champion);

    assertThat(comparison.lower()).isZero();
    assertThat(comparison.upper()).isZero();
    assertThat(comparison.rows()).isEqualTo(ROWS);
    assertThat(comparison.champion()).isEqualTo(RocAuc.of(champion, labels));
    assertThat(comparison.notInferior()).isTrue();
  }

  @Test
  void aBetterModelPassesAndAWorseOneDoesNot() {
    ChampionComparison better = compare(noisy(0.1));
    ChampionComparison worse = compare(noisy(2.0));

    assertThat(better.lower()).isPositive();
    assertThat(better.notInferior()).isTrue();
    assertThat(worse.upper()).isNegative();
    assertThat(worse.notInferior()).isFalse();
    assertThat(worse.challenger()).isBetween(0.0, worse.champion());
  }

  @Test
  void aModelThatMayBeWorseThanTheMarginDoesNotPassThoughItSeemsAsGood() {
    // The champion's errors mirrored: as good on average, but so unlike it that 1000 rows cannot
    // exclude a loss of 0.02.
    double[] mirrored = new double[ROWS];
    Arrays.setAll(mirrored, i -> 2 * signal[i] - champion[i]);
    ChampionComparison unlike = compare(mirrored);

    assertThat(unlike.upper()).isPositive();
    assertThat(unlike.lower()).isLessThan(-MARGIN);
    assertThat(unlike.notInferior()).isFalse();
  }

  private ChampionComparison compare(double[] challenger) {
    return NonInferiority.compare(
        "1.0.0", RulingMetric.AUC_ROC, challenger, champion, labels, MARGIN, 42);
  }

  private double[] normals() {
    return random.doubles(ROWS).map(u -> random.nextGaussian()).toArray();
  }

  private double[] noisy(double deviation) {
    return Arrays.stream(signal).map(s -> s + deviation * random.nextGaussian()).toArray();
  }
}
