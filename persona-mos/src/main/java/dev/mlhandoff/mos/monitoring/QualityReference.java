package dev.mlhandoff.mos.monitoring;

import dev.mlhandoff.ml.drift.ColumnTest;
import dev.mlhandoff.ml.metrics.AucEstimate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * How well a version's probabilities fitted outcomes it was not trained on. A window is tested for
 * being worse, by the differences of AUC-ROC and Brier score over their standard errors.
 */
public final class QualityReference {

  /** The subject of what is found of the quality. */
  public static final String QUALITY = "(quality)";

  // Below these the normal approximation of the differences says little.
  private static final int ROWS = 100;
  private static final int ROWS_A_CLASS = 30;
  private static final double TWO_SIDED_95 = 1.959964;
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  private final double[] probabilities;
  private final int[] outcomes;

  /**
   * @param probabilities in [0, 1]
   * @param outcomes 0 or 1
   */
  public QualityReference(double[] probabilities, int[] outcomes) {
    this.probabilities = probabilities.clone();
    this.outcomes = outcomes.clone();
  }

  /** Tests a window whose outcomes are all known. */
  public WindowReport compare(Window window, double falseAlarmRate) {
    double[] scores = window.probabilities();
    int[] known = window.outcomes();
    List<ColumnTest> tests = new ArrayList<>();
    SortedMap<String, Double> statistics = new TreeMap<>();
    if (hasBothClasses(outcomes) && hasBothClasses(known)) {
      AucEstimate expected = AucEstimate.of(probabilities, outcomes);
      AucEstimate seen = AucEstimate.of(scores, known);
      double width = TWO_SIDED_95 * Math.sqrt(seen.variance());
      statistics.put("aucExpected", expected.auc());
      statistics.put("auc", seen.auc());
      statistics.put("aucLower", Math.max(0, seen.auc() - width));
      statistics.put("aucUpper", Math.min(1, seen.auc() + width));
      tests.add(
          test(
              "auc",
              seen.auc(),
              expected.auc() - seen.auc(),
              expected.variance() + seen.variance()));
    }
    if (probabilities.length >= ROWS && scores.length >= ROWS) {
      double[] expected = losses(probabilities, outcomes);
      double[] seen = losses(scores, known);
      double width = TWO_SIDED_95 * Math.sqrt(squaredError(seen));
      statistics.put("brierExpected", mean(expected));
      statistics.put("brier", mean(seen));
      statistics.put("brierLower", Math.max(0, mean(seen) - width));
      statistics.put("brierUpper", mean(seen) + width);
      tests.add(
          test(
              "brier",
              mean(seen),
              mean(seen) - mean(expected),
              squaredError(seen) + squaredError(expected)));
    }
    return WindowReport.decide(window.rows(), tests, falseAlarmRate, new TreeMap<>(), statistics);
  }

  private static ColumnTest test(String name, double seen, double worse, double variance) {
    double pValue =
        variance > 0 ? NORMAL.survivalProbability(worse / Math.sqrt(variance)) : worse > 0 ? 0 : 1;
    return new ColumnTest(QUALITY, name, seen, pValue);
  }

  private static boolean hasBothClasses(int[] labels) {
    long positives = Arrays.stream(labels).filter(label -> label == 1).count();
    return positives >= ROWS_A_CLASS && labels.length - positives >= ROWS_A_CLASS;
  }

  private static double[] losses(double[] probabilities, int[] outcomes) {
    return IntStream.range(0, outcomes.length)
        .mapToDouble(i -> (outcomes[i] - probabilities[i]) * (outcomes[i] - probabilities[i]))
        .toArray();
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).sum() / values.length;
  }

  /** Square of the standard error of the mean. */
  private static double squaredError(double[] values) {
    double mean = mean(values);
    return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum()
        / (values.length - 1)
        / values.length;
  }
}
