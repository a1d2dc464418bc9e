package dev.mlhandoff.gate;

import dev.mlhandoff.messages.ChampionComparison;
import dev.mlhandoff.messages.GateVerdict;
import org.jspecify.annotations.Nullable;

/**
 * What the opened hold-out said.
 *
 * @param score the ruling metric of the attempt, in [0, 1]; NaN if it holds one class only
 * @param comparison with the version that serves, in a retrain
 */
record Opened(double score, @Nullable ChampionComparison comparison) {

  /** The verdict on an attempt that has passed everything else. */
  GateVerdict verdict(double threshold) {
    if (!(score >= threshold)) {
      return GateVerdict.HOLDOUT_FAILED;
    }
    return comparison == null || comparison.notInferior()
        ? GateVerdict.PASSED
        : GateVerdict.INFERIOR_TO_CHAMPION;
  }
}
