package dev.mlhandoff.gate.quality;

import dev.mlhandoff.ml.metrics.Classification;
import dev.mlhandoff.ml.metrics.RocAuc;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The figures that an experiment report must hold, computed from the artifacts and named by where
 * they stand in the report; a trial of the leaderboard stands under its id.
 */
public final class ReportFigures {

  static final int BINS = 10;
  private static final double SAME = 1e-9;

  private ReportFigures() {}

  /**
   * Every required figure.
   *
   * @param precisionAtK k as a share of the rows
   */
  public static SortedMap<String, Double> of(Evidence evidence, double precisionAtK) {
    int[] labels = evidence.labels();
    SortedMap<String, Double> figures = new TreeMap<>();
    figures.put("/rows", (double) labels.length);
    figures.put("/folds", (double) folds(evidence.fold()));
    figures.put("/precisionAtK", precisionAtK);
    figures.put("/threshold", Classification.bestF1Threshold(evidence.calibrated(), labels));
    figures.put(
        "/calibrationError", Classification.calibrationError(evidence.calibrated(), labels, BINS));
    figures.put("/bestSingleFeatureAuc", RocAuc.of(evidence.singleFeature(), labels));
    evidence
        .trials()
        .forEach(
            (id, scores) -> {
              String at = "/leaderboard/" + id;
              trial(scores, labels, precisionAtK, at + "/metrics", figures);
              folds(foldValues(scores, evidence, RulingMetric.AUC_ROC), at, figures);
            });
    return figures;
  }

  /** A sentence for each figure that the report lacks or gives otherwise; empty if it is true. */
  public static List<String> mismatches(Map<String, Double> claimed, Map<String, Double> found) {
    List<String> mismatches = new ArrayList<>();
    found.forEach(
        (name, value) -> {
          @Nullable Double claim = claimed.get(name);
          if (claim == null) {
            mismatches.add("the report has no %s, the artifacts say %.9f".formatted(name, value));
          } else if (!(Math.abs(claim - value) <= SAME)) {
            mismatches.add(
                "the report claims %s is %.9f, the artifacts say %.9f"
                    .formatted(name, claim, value));
          }
        });
    return mismatches;
  }

  private static void trial(
      double[] scores, int[] labels, double k, String at, SortedMap<String, Double> figures) {
    double threshold = Classification.bestF1Threshold(scores, labels);
    figures.put(at + "/auc_roc", RocAuc.of(scores, labels));
    figures.put(at + "/average_precision", Classification.averagePrecision(scores, labels));
    figures.put(at + "/precision_at_k", Classification.precisionAtK(scores, labels, k));
    figures.put(at + "/recall", Classification.recall(scores, labels, threshold));
    figures.put(at + "/f1", Classification.f1(scores, labels, threshold));
    figures.put(at + "/brier", Classification.brier(scores, labels));
  }

  private static void folds(List<Double> values, String at, SortedMap<String, Double> figures) {
    double mean = values.stream().mapToDouble(d -> d).average().orElse(Double.NaN);
    double squares = values.stream().mapToDouble(d -> (d - mean) * (d - mean)).sum();
    for (int f = 0; f < values.size(); f++) {
      figures.put(at + "/foldAuc/" + f, values.get(f));
    }
    figures.put(at + "/meanAuc", mean);
    figures.put(at + "/spread", Math.sqrt(squares / Math.max(1, values.size() - 1)));
  }

  /** The metric of each fold by itself. */
  static List<Double> foldValues(double[] scores, Evidence evidence, RulingMetric metric) {
    List<Double> values = new ArrayList<>();
    for (int f = 0; f < folds(evidence.fold()); f++) {
      int fold = f;
      int[] rows =
          IntStream.range(0, evidence.fold().length)
              .filter(i -> evidence.fold()[i] == fold)
              .toArray();
      values.add(
          metric.of(
              Arrays.stream(rows).mapToDouble(i -> scores[i]).toArray(),
              Arrays.stream(rows).map(i -> evidence.labels()[i]).toArray()));
    }
    return values;
  }

  private static int folds(int[] fold) {
    return Arrays.stream(fold).max().orElse(-1) + 1;
  }
}
