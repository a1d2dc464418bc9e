package dev.mlhandoff.gate.quality;

import dev.mlhandoff.ml.metrics.Bootstrap;

/** Holds a retrained model against the one that serves. */
public final class NonInferiority {

  private NonInferiority() {}

  /**
   * The 95 % interval of the challenger's metric less the champion's, by paired bootstrap: a
   * resample draws the same rows for both.
   *
   * @param challenger probabilities of the retrained model, one a row
   * @param champion probabilities of the model that serves, of the same rows
   * @param labels 0 or 1
   */
  public static Bootstrap.Interval difference(
      RulingMetric metric, double[] challenger, double[] champion, int[] labels, long seed) {
    return metric == RulingMetric.AUC_ROC
        ? Bootstrap.aucDifference(challenger, champion, labels, seed)
        : Bootstrap.difference(challenger, champion, labels, seed, metric::of);
  }
}
