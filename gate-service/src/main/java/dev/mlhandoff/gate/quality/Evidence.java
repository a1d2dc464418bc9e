package dev.mlhandoff.gate.quality;

import java.util.List;

/**
 * What the gate reads from the hashed artifacts: out-of-fold results, with labels from the data
 * pipeline and not from training.
 *
 * @param scores out-of-fold probabilities of the selected trial
 * @param calibrated the same, calibrated by the other folds
 * @param singleFeature out-of-fold ranking of the best single feature
 * @param fold fold of each row, from 0
 */
@SuppressWarnings("ArrayRecordComponent") // large columns, never compared
public record Evidence(
    double[] scores, double[] calibrated, double[] singleFeature, int[] labels, int[] fold) {

  /** What the experiment report claims of the selected trial. */
  public record Claims(
      List<Double> foldAuc,
      double auc,
      double averagePrecision,
      double brier,
      double calibrationError,
      double singleFeatureAuc) {}
}
