package dev.mlhandoff.esc.training;

import dev.mlhandoff.ml.bundle.Calibrator;
import dev.mlhandoff.ml.metrics.Classification;
import java.util.ArrayList;
import java.util.List;

/**
 * Calibration and threshold as they will meet unseen rows: each fold's are learned from the
 * out-of-fold predictions of the other folds.
 *
 * @param calibrated calibrated probability of each row
 * @param foldThresholds threshold that the other folds' rows would choose
 * @param precision of the decisions at those thresholds, in [0, 1]; 0 if none is positive
 * @param recall of the same decisions
 * @param f1 of the same decisions
 */
@SuppressWarnings("ArrayRecordComponent") // a large column, never compared
record CrossFitting(
    double[] calibrated, List<Double> foldThresholds, double precision, double recall, double f1) {

  static final String CALIBRATOR = "Platt scaling of the out-of-fold log-odds";
  static final String THRESHOLD_RULE =
      "highest F1 on the cross-fitted calibrated out-of-fold probabilities";

  static CrossFitting of(TrainingData data, double[] outOfFold) {
    double[] calibrated = new double[outOfFold.length];
    for (int fold = 0; fold < data.folds(); fold++) {
      int[] others = data.rows(fold, false);
      Calibrator calibrator = Calibrator.fit(Rows.select(outOfFold, others), data.labels(others));
      for (int row : data.rows(fold, true)) {
        calibrated[row] = calibrator.apply(outOfFold[row]);
      }
    }
    List<Double> thresholds = new ArrayList<>();
    int hits = 0;
    int decided = 0;
    int positives = 0;
    for (int fold = 0; fold < data.folds(); fold++) {
      int[] others = data.rows(fold, false);
      double threshold =
          Classification.bestF1Threshold(Rows.select(calibrated, others), data.labels(others));
      thresholds.add(threshold);
      for (int row : data.rows(fold, true)) {
        boolean positive = calibrated[row] >= threshold;
        decided += positive ? 1 : 0;
        hits += positive ? data.labels()[row] : 0;
        positives += data.labels()[row];
      }
    }
    double precision = decided == 0 ? 0 : (double) hits / decided;
    double recall = positives == 0 ? 0 : (double) hits / positives;
    double f1 = decided + positives == 0 ? 0 : 2.0 * hits / (decided + positives);
    return new CrossFitting(calibrated, thresholds, precision, recall, f1);
  }
}
