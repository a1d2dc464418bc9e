package dev.mlhandoff.gate.quality;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the gate reads from the hashed artifacts: out-of-fold results, with labels from the data
 * pipeline and not from training.
 *
 * @param trials out-of-fold probabilities by trial
 * @param selected the trial that was chosen, one of the trials
 * @param calibrated its probabilities, each calibrated by the other folds
 * @param singleFeature out-of-fold ranking of the best single feature
 * @param labels 0 or 1
 * @param fold fold of each row, from 0
 */
@SuppressWarnings("ArrayRecordComponent") // large columns, never compared
public record Evidence(
    SortedMap<String, double[]> trials,
    String selected,
    double[] calibrated,
    double[] singleFeature,
    int[] labels,
    int[] fold) {

  public Evidence {
    trials = new TreeMap<>(trials);
    if (!trials.containsKey(selected)) {
      throw new IllegalArgumentException("no trial " + selected + ", only " + trials.keySet());
    }
  }

  /** Probabilities of the selected trial. */
  double[] scores() {
    double[] scores = trials.get(selected);
    if (scores == null) {
      throw new IllegalStateException("no trial " + selected);
    }
    return scores;
  }
}
