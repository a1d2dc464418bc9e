package dev.mlhandoff.esc.training;

import dev.mlhandoff.ml.metrics.Bootstrap;
import dev.mlhandoff.ml.metrics.Classification;
import dev.mlhandoff.ml.metrics.ResampledTest;
import dev.mlhandoff.ml.metrics.RocAuc;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Makes lines of the leaderboard: everything that is to be known of one configuration. */
final class Leaderboard {

  static final int CALIBRATION_BINS = 10;

  private final TrainingData data;
  private final double precisionAtK;
  private final long seed;
  private final List<Double> baseline;
  private final List<Double> singleFeature;

  /**
   * @param baseline out-of-fold probabilities of the baseline
   * @param singleFeature out-of-fold ranking of the best single feature
   */
  Leaderboard(
      TrainingData data,
      double precisionAtK,
      long seed,
      double[] baseline,
      double[] singleFeature) {
    this.data = data;
    this.precisionAtK = precisionAtK;
    this.seed = seed;
    this.baseline = foldAuc(data, baseline);
    this.singleFeature = foldAuc(data, singleFeature);
  }

  static List<Double> foldAuc(TrainingData data, double[] scores) {
    List<Double> values = new ArrayList<>();
    for (int fold = 0; fold < data.folds(); fold++) {
      int[] rows = data.rows(fold, true);
      values.add(RocAuc.of(Rows.select(scores, rows), data.labels(rows)));
    }
    return values;
  }

  static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
  }

  static double spread(List<Double> values) {
    double mean = mean(values);
    double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(squares / Math.max(1, values.size() - 1));
  }

  LeaderboardEntry entry(Candidate candidate) {
    double[] scores = candidate.outOfFold();
    int[] labels = data.labels();
    List<Double> foldAuc = foldAuc(data, scores);
    CrossFitting fitted = CrossFitting.of(data, scores);
    double threshold = Classification.bestF1Threshold(scores, labels);
    SortedMap<String, Double> metrics = new TreeMap<>();
    metrics.put("auc_roc", RocAuc.of(scores, labels));
    metrics.put("average_precision", Classification.averagePrecision(scores, labels));
    metrics.put("precision_at_k", Classification.precisionAtK(scores, labels, precisionAtK));
    metrics.put("recall", Classification.recall(scores, labels, threshold));
    metrics.put("f1", Classification.f1(scores, labels, threshold));
    metrics.put("brier", Classification.brier(scores, labels));
    metrics.put("ece", Classification.calibrationError(scores, labels, CALIBRATION_BINS));
    metrics.put("brier_calibrated", Classification.brier(fitted.calibrated(), labels));
    metrics.put(
        "ece_calibrated",
        Classification.calibrationError(fitted.calibrated(), labels, CALIBRATION_BINS));
    metrics.put("precision_cross_fitted", fitted.precision());
    metrics.put("recall_cross_fitted", fitted.recall());
    metrics.put("f1_cross_fitted", fitted.f1());
    return new LeaderboardEntry(
        candidate.configuration().id(),
        candidate.configuration().family(),
        candidate.configuration().parameters(),
        LeaderboardEntry.Status.COMPLETED,
        foldAuc,
        mean(foldAuc),
        spread(foldAuc),
        metrics,
        Bootstrap.auc(scores, labels, seed),
        ResampledTest.of(foldAuc, baseline),
        ResampledTest.of(foldAuc, singleFeature),
        null);
  }

  static LeaderboardEntry entry(Failure failure) {
    return new LeaderboardEntry(
        failure.configuration().id(),
        failure.configuration().family(),
        failure.configuration().parameters(),
        LeaderboardEntry.Status.FAILED,
        List.of(),
        0,
        0,
        new TreeMap<>(),
        null,
        null,
        null,
        failure.reason());
  }
}
