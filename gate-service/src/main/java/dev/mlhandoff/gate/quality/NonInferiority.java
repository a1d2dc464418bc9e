package dev.mlhandoff.gate.quality;

import dev.mlhandoff.messages.ChampionComparison;
import dev.mlhandoff.ml.metrics.Bootstrap;

/** Holds a retrained model against the one that serves. */
public final class NonInferiority {

  private NonInferiority() {}

  /**
   * The 95 % interval of the difference, by paired bootstrap: a resample draws the same rows for
   * both.
   *
   * @param version the champion's
   * @param challenger probabilities of the retrained model, one a row
   * @param champion probabilities of the model that serves, of the same rows
   * @param labels 0 or 1
   * @param margin how far the interval may reach below 0, in [0, 1]
   */
  public static ChampionComparison compare(
      String version,
      RulingMetric metric,
      double[] challenger,
      double[] champion,
      int[] labels,
      double margin,
      long seed) {
    Bootstrap.Interval difference =
        metric == RulingMetric.AUC_ROC
            ? Bootstrap.aucDifference(challenger, champion, labels, seed)
            : Bootstrap.difference(challenger, champion, labels, seed, metric::of);
    return new ChampionComparison(
        version,
        metric.id(),
        labels.length,
        metric.of(champion, labels),
        metric.of(challenger, labels),
        difference.lower(),
        difference.upper(),
        margin);
  }
}
