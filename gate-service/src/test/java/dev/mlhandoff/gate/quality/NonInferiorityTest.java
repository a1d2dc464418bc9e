package dev.mlhandoff.gate.quality;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.ml.metrics.Bootstrap;
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
    Bootstrap.Interval same = difference(champion);

    assertThat(same.lower()).isZero();
    assertThat(same.upper()).isZero();
  }

  @Test
  void aBetterModelLiesAboveAndAWorseOneBelow() {
    assertThat(difference(noisy(0.1)).lower()).isPositive();
    assertThat(difference(noisy(2.0)).upper()).isNegative();
  }

  @Test
  void aModelThatSeemsAsGoodMayStillBeWorseThanTheMargin() {
    // The champion's errors mirrored: as good on average, but so unlike it that 1000 rows cannot
    // exclude a loss of 0.02.
    double[] mirrored = new double[ROWS];
    Arrays.setAll(mirrored, i -> 2 * signal[i] - champion[i]);
    Bootstrap.Interval unlike = difference(mirrored);

    assertThat(unlike.upper()).isPositive();
    assertThat(unlike.lower()).isLessThan(-MARGIN);
  }

  private Bootstrap.Interval difference(double[] challenger) {
    return NonInferiority.difference(RulingMetric.AUC_ROC, challenger, champion, labels, 42);
  }

  private double[] normals() {
    return random.doubles(ROWS).map(u -> random.nextGaussian()).toArray();
  }

  private double[] noisy(double deviation) {
    return Arrays.stream(signal).map(s -> s + deviation * random.nextGaussian()).toArray();
  }
}
