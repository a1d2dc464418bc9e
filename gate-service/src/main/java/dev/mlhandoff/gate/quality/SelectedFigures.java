package dev.mlhandoff.gate.quality;

import dev.mlhandoff.ml.bundle.Calibrator;
import dev.mlhandoff.ml.metrics.Classification;
import dev.mlhandoff.ml.metrics.RocAuc;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Everything that training claims of the selected configuration, from its out-of-fold
 * probabilities, the labels and the folds alone.
 */
public final class SelectedFigures {

  private final Evidence evidence;
  private final int[] labels;
  private final int folds;

  private SelectedFigures(Evidence evidence) {
    this.evidence = evidence;
    this.labels = evidence.labels();
    this.folds = Arrays.stream(evidence.fold()).max().orElse(-1) + 1;
  }

  /**
   * The figures by the names of the deliverable's metrics.
   *
   * @param precisionAtK k as a share of the rows
   */
  public static SortedMap<String, Double> of(Evidence evidence, double precisionAtK) {
    return new SelectedFigures(evidence).figures(precisionAtK);
  }

  private SortedMap<String, Double> figures(double precisionAtK) {
    double[] scores = evidence.scores();
    double[] calibrated = calibrated(scores);
    double threshold = Classification.bestF1Threshold(scores, labels);
    List<Double> foldAuc = ReportFigures.foldValues(scores, evidence, RulingMetric.AUC_ROC);
    SortedMap<String, Double> figures = new TreeMap<>();
    figures.put("auc_roc", RocAuc.of(scores, labels));
    figures.put("mean_auc", foldAuc.stream().mapToDouble(auc -> auc).average().orElse(Double.NaN));
    figures.put("average_precision", Classification.averagePrecision(scores, labels));
    figures.put("precision_at_k", Classification.precisionAtK(scores, labels, precisionAtK));
    figures.put("recall", Classification.recall(scores, labels, threshold));
    figures.put("f1", Classification.f1(scores, labels, threshold));
    figures.put("brier", Classification.brier(scores, labels));
    figures.put("ece", error(scores));
    figures.put("brier_calibrated", Classification.brier(calibrated, labels));
    figures.put("ece_calibrated", error(calibrated));
    figures.put("calibration_error", error(evidence.calibrated()));
    figures.put("threshold", Classification.bestF1Threshold(evidence.calibrated(), labels));
    decisions(calibrated, figures);
    return figures;
  }

  private double error(double[] probabilities) {
    return Classification.calibrationError(probabilities, labels, ReportFigures.BINS);
  }

  /** Each row by a curve that was fitted to the other folds. */
  private double[] calibrated(double[] scores) {
    double[] calibrated = new double[scores.length];
    for (int fold = 0; fold < folds; fold++) {
      int[] others = rows(fold, false);
      Calibrator calibrator = Calibrator.fit(select(scores, others), labels(others));
      for (int row : rows(fold, true)) {
        calibrated[row] = calibrator.apply(scores[row]);
      }
    }
    return calibrated;
  }

  /** Decisions of each fold at the threshold that the others would choose. */
  private void decisions(double[] calibrated, SortedMap<String, Double> figures) {
    int hits = 0;
    int decided = 0;
    for (int fold = 0; fold < folds; fold++) {
      int[] others = rows(fold, false);
      double threshold = Classification.bestF1Threshold(select(calibrated, others), labels(others));
      for (int row : rows(fold, true)) {
        if (calibrated[row] >= threshold) {
          decided++;
          hits += labels[row];
        }
      }
    }
    int positives = IntStream.of(labels).sum();
    figures.put("precision_cross_fitted", decided == 0 ? 0 : (double) hits / decided);
    figures.put("recall_cross_fitted", positives == 0 ? 0 : (double) hits / positives);
    figures.put(
        "f1_cross_fitted", decided + positives == 0 ? 0 : 2.0 * hits / (decided + positives));
  }

  private int[] rows(int fold, boolean inside) {
    return IntStream.range(0, labels.length)
        .filter(row -> (evidence.fold()[row] == fold) == inside)
        .toArray();
  }

  private int[] labels(int[] rows) {
    return IntStream.of(rows).map(row -> labels[row]).toArray();
  }

  private static double[] select(double[] values, int[] rows) {
    return IntStream.of(rows).mapToDouble(row -> values[row]).toArray();
  }
}
