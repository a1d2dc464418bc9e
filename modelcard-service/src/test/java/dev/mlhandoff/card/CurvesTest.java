package dev.mlhandoff.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlhandoff.card.figures.Curves;
import dev.mlhandoff.card.figures.Point;
import dev.mlhandoff.ml.metrics.RocAuc;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CurvesTest {

  // By hand: three positives and two negatives, two rows with the same score.
  private final Curves curves =
      new Curves(new double[] {0.9, 0.8, 0.8, 0.4, 0.1}, new int[] {1, 1, 0, 1, 0});

  @Test
  void rocPassesRowsOfEqualScoreAtOnce() {
    assertThat(curves.roc())
        .containsExactly(
            new Point(0, 0),
            new Point(0, 1 / 3.0),
            new Point(0.5, 2 / 3.0),
            new Point(0.5, 1),
            new Point(1, 1));
  }

  @Test
  void precisionRecallAndLiftByHand() {
    assertThat(curves.precisionRecall())
        .containsExactly(
            new Point(1 / 3.0, 1),
            new Point(2 / 3.0, 2 / 3.0),
            new Point(1, 0.75),
            new Point(1, 0.6));
    assertThat(curves.lift().get(0).y()).isEqualTo(1 / 0.6, within(1e-12));
    assertThat(curves.lift().get(3)).isEqualTo(new Point(1, 1));
  }

  @Test
  void calibrationHistogramAndConfusionByHand() {
    Curves four = new Curves(new double[] {0.1, 0.3, 0.6, 0.8}, new int[] {0, 1, 1, 1});

    List<Point> bins = four.calibration(2);
    assertThat(bins.get(0).x()).isEqualTo(0.2, within(1e-12));
    assertThat(bins.get(0).y()).isEqualTo(0.5);
    assertThat(bins.get(1).y()).isEqualTo(1);
    assertThat(four.histogram(1, 2)).containsExactly(1 / 3.0, 2 / 3.0);
    assertThat(four.histogram(0, 2)).containsExactly(1, 0);
    assertThat(four.confusion(0.6)).isDeepEqualTo(new int[][] {{1, 0}, {1, 2}});
  }

  @Test
  void areaUnderTheThinnedCurveIsTheAucOfTheMetric() {
    Random random = new Random(3);
    int rows = 5000;
    double[] scores = new double[rows];
    int[] labels = new int[rows];
    for (int i = 0; i < rows; i++) {
      labels[i] = random.nextInt(3) == 0 ? 1 : 0;
      scores[i] = 1 / (1 + Math.exp(-random.nextGaussian() - labels[i]));
    }
    List<Point> roc = new Curves(scores, labels).roc();
    double area = 0;
    for (int i = 1; i < roc.size(); i++) {
      area += (roc.get(i).x() - roc.get(i - 1).x()) * (roc.get(i).y() + roc.get(i - 1).y()) / 2;
    }
    assertThat(roc).hasSizeLessThanOrEqualTo(200);
    assertThat(area).isEqualTo(RocAuc.of(scores, labels), within(0.002));
  }

  @Test
  void oneClassHasNoCurve() {
    assertThatThrownBy(() -> new Curves(new double[] {0.1, 0.2}, new int[] {1, 1}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
