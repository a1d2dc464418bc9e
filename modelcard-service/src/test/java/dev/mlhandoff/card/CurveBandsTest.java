package dev.mlhandoff.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlhandoff.card.figures.Band;
import dev.mlhandoff.card.figures.CalibrationBin;
import dev.mlhandoff.card.figures.CurveBands;
import dev.mlhandoff.card.figures.Judgements;
import dev.mlhandoff.ml.metrics.RocAuc;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CurveBandsTest {

  // By hand: three positives and two negatives, two rows with the same score.
  private final CurveBands curves =
      new CurveBands(new double[] {0.9, 0.8, 0.8, 0.4, 0.1}, new int[] {1, 1, 0, 1, 0}, 0, 1);

  @Test
  void rocPassesRowsOfEqualScoreAtOnce() {
    assertThat(at(curves.roc(), 0).value()).isEqualTo(1 / 3.0);
    assertThat(at(curves.roc(), 0.25).value()).isEqualTo(0.5);
    assertThat(at(curves.roc(), 0.5).value()).isEqualTo(1);
    assertThat(at(curves.roc(), 1).value()).isEqualTo(1);
  }

  @Test
  void precisionRecallAndLiftByHand() {
    assertThat(at(curves.precisionRecall(), 0.3).value()).isEqualTo(1);
    assertThat(at(curves.precisionRecall(), 0.5).value()).isEqualTo(2 / 3.0);
    assertThat(at(curves.precisionRecall(), 1).value()).isEqualTo(0.75);
    assertThat(at(curves.lift(), 0.2).value()).isEqualTo(1 / 0.6, within(1e-12));
    assertThat(at(curves.lift(), 1).value()).isEqualTo(1, within(1e-12));
  }

  @Test
  void areaUnderTheCurveIsTheAucOfTheMetric() {
    Sample sample = new Sample(5000, 3);
    List<Band> roc = new CurveBands(sample.scores, sample.labels, 0, 1).roc();
    double area = 0;
    for (int i = 1; i < roc.size(); i++) {
      area += (roc.get(i).x() - roc.get(i - 1).x()) * (roc.get(i).value() + roc.get(i - 1).value());
    }
    assertThat(area / 2).isEqualTo(RocAuc.of(sample.scores, sample.labels), within(0.002));
  }

  @Test
  void intervalsNarrowWithTheRootOfTheRowsAndAreTheSameForASeed() {
    double few = width(new Sample(500, 5));
    double many = width(new Sample(8000, 5));

    assertThat(few / many).isBetween(2.8, 5.6); // sixteen times the rows: four times narrower
    Sample sample = new Sample(500, 5);
    assertThat(new CurveBands(sample.scores, sample.labels, 50, 7).lift())
        .isEqualTo(new CurveBands(sample.scores, sample.labels, 50, 7).lift());
    assertThat(new CurveBands(sample.scores, sample.labels, 50, 7).precisionRecall())
        .allSatisfy(band -> assertThat(band.lower()).isLessThanOrEqualTo(band.upper()));
  }

  @Test
  void calibrationHistogramAndConfusionByHand() {
    Judgements four = new Judgements(new double[] {0.1, 0.3, 0.6, 0.8}, new int[] {0, 1, 1, 1});

    List<CalibrationBin> bins = four.calibration(2);
    assertThat(bins.get(0).meanScore()).isEqualTo(0.2, within(1e-12));
    assertThat(bins.get(0).share()).isEqualTo(0.5);
    assertThat(bins.get(1).share()).isEqualTo(1);
    assertThat(four.histogram(1, 2)).containsExactly(1 / 3.0, 2 / 3.0);
    assertThat(four.histogram(0, 2)).containsExactly(1, 0);
    assertThat(four.confusion(0.6)).isDeepEqualTo(new int[][] {{1, 0}, {1, 2}});
    // Wilson's interval of 8 in 10.
    assertThat(new CalibrationBin(10, 0.5, 0.8).lower()).isEqualTo(0.4902, within(1e-4));
    assertThat(new CalibrationBin(10, 0.5, 0.8).upper()).isEqualTo(0.9433, within(1e-4));
  }

  @Test
  void oneClassHasNoCurve() {
    assertThatThrownBy(() -> new CurveBands(new double[] {0.1, 0.2}, new int[] {1, 1}, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static double width(Sample sample) {
    Band middle = at(new CurveBands(sample.scores, sample.labels, 200, 1).roc(), 0.3);
    return middle.upper() - middle.lower();
  }

  private static Band at(List<Band> bands, double x) {
    return bands.stream().filter(band -> Math.abs(band.x() - x) < 1e-9).findFirst().orElseThrow();
  }

  /** Scores of which the positives have higher ones. */
  private static final class Sample {
    private final double[] scores;
    private final int[] labels;

    private Sample(int rows, long seed) {
      Random random = new Random(seed);
      scores = new double[rows];
      labels = new int[rows];
      for (int i = 0; i < rows; i++) {
        labels[i] = random.nextInt(3) == 0 ? 1 : 0;
        scores[i] = 1 / (1 + Math.exp(-random.nextGaussian() - labels[i]));
      }
    }
  }
}
