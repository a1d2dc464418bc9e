package dev.mlhandoff.mos.rollout;

import dev.mlhandoff.ml.sequential.Interval;
import dev.mlhandoff.ml.sequential.ProportionSequence;

/**
 * Objects once the share of failed requests is certainly above its limit. No replayed request may
 * fail at all: those are known to be valid.
 */
final class ErrorJudge implements Judge {

  static final double LIMIT = 0.01;

  @Override
  public Opinion judge(Evidence evidence) {
    Arm candidate = evidence.candidate();
    int requests = candidate.requests();
    Interval share = ProportionSequence.of(requests, candidate.failures(), StepJudge.ALPHA);
    String seen = "errors: %d of %d requests failed".formatted(candidate.failures(), requests);
    if (share.lower() > LIMIT || (evidence.replayed() && candidate.failures() > 0)) {
      return Opinion.objects(seen);
    }
    return candidate.failures() > LIMIT * requests ? Opinion.waits(seen) : Opinion.agrees();
  }
}
