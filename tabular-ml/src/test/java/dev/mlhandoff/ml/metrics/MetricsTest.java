package dev.mlhandoff.ml.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MetricsTest {

  private static final double[] SCORES = {0.1, 0.4, 0.35, 0.8};
  private static final int[] LABELS = {0, 0, 1, 1};

  @Test
  void countsOrderedPairsForTheAuc() {
    // Of the four pairs of a positive and a negative, only 0.35 against 0.4 is in the wrong order.
    assertThat(RocAuc.of(SCORES, LABELS)).isEqualTo(0.75);
  }

  @Test
  void countsTiesHalfInTheAuc() {
    assertThat(RocAuc.of(new double[] {0.5, 0.5, 0.5}, new int[] {0, 1, 1})).isEqualTo(0.5);
    // Pairs: (0.5, 0.2) right, (0.5, 0.5) tied, (0.7, both) right: 3.5 of 4.
    assertThat(RocAuc.of(new double[] {0.2, 0.5, 0.5, 0.7}, new int[] {0, 0, 1, 1}))
        .isEqualTo(0.875);
  }

  @Test
  void equalsTheCountOverAllPairsOnRandomScoresWithTies() {
    SplittableRandom random = new SplittableRandom(7);
    double[] scores = random.doubles(300).map(value -> Math.round(value * 20) / 20.0).toArray();
    int[] labels = random.ints(300, 0, 2).toArray();
    double won = 0;
    double pairs = 0;
    for (int i = 0; i < scores.length; i++) {
      for (int j = 0; j < scores.length; j++) {
        if (labels[i] == 1 && labels[j] == 0) {
          pairs++;
          won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
        }
      }
    }
    assertThat(RocAuc.of(scores, labels)).isCloseTo(won / pairs, within(1e-12));
  }

  @Test
  void hasNoAucForOneClass() {
    assertThat(RocAuc.of(new double[] {0.1, 0.2}, new int[] {1, 1})).isNaN();
  }

  @Test
  void refusesScoresThatAreNotNumbers() {
    double[] scores = {0.1, Double.NaN, 0.3};
    int[] labels = {0, 1, 1};
    assertThatThrownBy(() -> RocAuc.of(scores, labels))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Classification.averagePrecision(scores, labels))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void averagesThePrecisionAtEachPositive() {
    // Ranks of the positives are 1 and 3: (1/1 + 2/3) / 2.
    assertThat(Classification.averagePrecision(SCORES, LABELS)).isCloseTo(5.0 / 6, within(1e-12));
    // All tied: the precision of the whole, whatever the order of the rows.
    assertThat(Classification.averagePrecision(new double[] {1, 1, 1, 1}, new int[] {1, 0, 0, 0}))
        .isEqualTo(0.25);
  }

  @Test
  void takesTheHighestScoresForPrecisionAtK() {
    assertThat(Classification.precisionAtK(SCORES, LABELS, 0.25)).isEqualTo(1);
    assertThat(Classification.precisionAtK(SCORES, LABELS, 0.5)).isEqualTo(0.5);
    assertThat(Classification.precisionAtK(SCORES, LABELS, 0.01)).isEqualTo(1);
  }

  @Test
  void judgesDecisionsAtTheThreshold() {
    assertThat(Classification.recall(SCORES, LABELS, 0.4)).isEqualTo(0.5);
    // One true positive, one false positive, one false negative.
    assertThat(Classification.f1(SCORES, LABELS, 0.4)).isEqualTo(0.5);
    assertThat(Classification.f1(SCORES, LABELS, 0.9)).isZero();
  }

  @Test
  void findsTheThresholdWithTheHighestF1() {
    double best = Classification.bestF1Threshold(SCORES, LABELS);
    assertThat(best).isEqualTo(0.35);
    assertThat(Classification.f1(SCORES, LABELS, best)).isCloseTo(0.8, within(1e-12));
  }

  @Test
  void measuresSquaredDistanceForBrier() {
    // (0.01 + 0.16 + 0.4225 + 0.04) / 4
    assertThat(Classification.brier(SCORES, LABELS)).isCloseTo(0.158125, within(1e-12));
  }

  @Test
  void measuresCalibrationInBinsOfEqualMass() {
    double[] scores = {0.2, 0.2, 0.2, 0.2, 0.2, 0.6, 0.6, 0.6, 0.6, 0.6};
    // The low bin is right (1 of 5); of the high bin 0.6 is said and 1.0 true: off by 0.4, by half.
    int[] labels = {0, 0, 0, 0, 1, 1, 1, 1, 1, 1};
    assertThat(Classification.calibrationError(scores, labels, 2)).isCloseTo(0.2, within(1e-12));
  }

  @Test
  void bootstrapIntervalHoldsTheEstimateAndRepeatsForASeed() {
    SplittableRandom random = new SplittableRandom(3);
    int[] labels = random.ints(500, 0, 2).toArray();
    double[] scores = new double[500];
    double[] noise = new double[500];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = labels[i] * 0.5 + random.nextDouble();
      noise[i] = random.nextDouble();
    }
    Bootstrap.Interval interval = Bootstrap.auc(scores, labels, 42);
    assertThat(RocAuc.of(scores, labels)).isBetween(interval.lower(), interval.upper());
    assertThat(interval.upper() - interval.lower()).isBetween(0.03, 0.10);
    assertThat(Bootstrap.auc(scores, labels, 42)).isEqualTo(interval);
    assertThat(Bootstrap.aucDifference(scores, noise, labels, 42).lower()).isPositive();
    assertThat(Bootstrap.aucDifference(scores, scores, labels, 42))
        .isEqualTo(new Bootstrap.Interval(0, 0));
  }

  @Test
  void fastBootstrapOfTheAucIsTheGeneralOneToTheLastDigit() {
    java.util.SplittableRandom random = new java.util.SplittableRandom(3);
    int[] labels = random.ints(300, 0, 2).toArray();
    // Rounded, so that there are ties.
    double[] scores = random.doubles(300).map(value -> Math.rint(value * 20) / 20).toArray();
    double[] others = random.doubles(300).toArray();

    assertThat(Bootstrap.auc(scores, labels, 42))
        .isEqualTo(Bootstrap.of(scores, labels, 42, RocAuc::of));
    assertThat(Bootstrap.aucDifference(scores, others, labels, 42))
        .isEqualTo(Bootstrap.difference(scores, others, labels, 42, RocAuc::of));
  }

  /** Five differences with mean 0.01 and variance 2.5e-4: t = 0.01 / sqrt((1/5 + 1/4) * 2.5e-4). */
  @Test
  void resampledTestWidensTheVarianceByTheOverlapOfTheFolds() {
    ResampledTest test =
        ResampledTest.of(List.of(0.79, 0.80, 0.81, 0.82, 0.83), List.of(0.8, 0.8, 0.8, 0.8, 0.8));

    assertThat(test.difference()).isCloseTo(0.01, within(1e-12));
    assertThat(test.standardError()).isCloseTo(Math.sqrt(0.45 * 2.5e-4), within(1e-12));
    // The 97.5 % quantile of Student's t with four degrees of freedom.
    assertThat(test.upper() - test.difference())
        .isCloseTo(2.7764451 * test.standardError(), within(1e-8));
    // Two-sided, from tables: t = 0.9428 with four degrees of freedom.
    assertThat(test.pValue()).isCloseTo(0.3992, within(1e-3));
    assertThat(ResampledTest.of(List.of(0.8, 0.9), List.of(0.8, 0.9)).pValue()).isEqualTo(1);
  }
}
