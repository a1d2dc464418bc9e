package dev.mlhandoff.mos.rollout;

import dev.mlhandoff.ml.sequential.Interval;
import dev.mlhandoff.ml.sequential.ProportionSequence;

/**
 * Objects once the candidate's probabilities are certainly distributed unlike the incumbent's: at
 * some point of a fixed grid the distribution functions differ by more than the tolerance.
 */
final class ShiftJudge implements Judge {

  static final double TOLERANCE = 0.2;
  // Fixed beforehand, and finer at the ends, where the scores of rare events lie.
  private static final double[] GRID = {
    0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99
  };

  @Override
  public Opinion judge(Evidence evidence) {
    Arm candidate = evidence.candidate();
    Arm incumbent = evidence.incumbent();
    if (incumbent == null) {
      return Opinion.agrees();
    }
    for (double probability : GRID) {
      Interval difference = share(candidate, probability).minus(share(incumbent, probability));
      if (difference.leastMagnitude() > TOLERANCE) {
        return Opinion.objects(
            "prediction shift: %.0f %% of the answers are at most %s, of the incumbent's %.0f %%"
                .formatted(
                    100.0 * candidate.atMost(probability) / candidate.subjects(),
                    probability,
                    100.0 * incumbent.atMost(probability) / incumbent.subjects()));
      }
    }
    return Opinion.agrees();
  }

  private static Interval share(Arm arm, double probability) {
    return ProportionSequence.of(
        arm.subjects(), arm.atMost(probability), StepJudge.ALPHA / (2 * GRID.length));
  }
}
