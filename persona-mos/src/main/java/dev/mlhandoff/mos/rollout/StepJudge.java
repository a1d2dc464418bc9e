package dev.mlhandoff.mos.rollout;

import dev.mlhandoff.mos.rollout.Opinion.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Judges one step of a rollout: an objection of any judge ends it, and all must agree to leave it.
 * The intervals behind the opinions hold at every sample size at once, so looking again and again
 * does not raise the share of good versions that are rolled back.
 */
public final class StepJudge {

  /** For each judge, the probability that it ever objects to a version within its tolerance. */
  static final double ALPHA = 0.01;

  /** What is judged, for the deployment's specification. */
  public static final List<String> ASPECTS =
      List.of(
          "errors: at most 1 % of the requests fail",
          "latency: p99 against target and incumbent, in two windows that follow each other",
          "prediction shift: distribution of the probabilities against the incumbent's",
          "calibration and quality: against the true outcomes, where they are known");

  private final int enough;
  private final List<Judge> judges;

  /**
   * @param lowestAuc the ranking of replayed rows must be at least as good
   * @param enough answers of the candidate that a step on public traffic needs
   */
  public StepJudge(double latencyTargetMs, double lowestAuc, int enough) {
    this(latencyTargetMs, lowestAuc, enough, true);
  }

  /**
   * @param likeIncumbent whether the probabilities should be distributed like the incumbent's; not
   *     so after a drift that the incumbent does not follow
   */
  public StepJudge(double latencyTargetMs, double lowestAuc, int enough, boolean likeIncumbent) {
    this.enough = enough;
    List<Judge> all =
        new ArrayList<>(
            List.of(
                new ErrorJudge(),
                new LatencyJudge(latencyTargetMs),
                new ConstantJudge(),
                // The true outcomes say more than a comparison with the incumbent, so they go
                // first.
                new QualityJudge(lowestAuc)));
    if (likeIncumbent) {
      all.add(new ShiftJudge());
    }
    this.judges = List.copyOf(all);
  }

  /** The first objection; else the first reason to wait; else agreement. */
  public Opinion judge(Evidence evidence) {
    List<Opinion> opinions = judges.stream().map(judge -> judge.judge(evidence)).toList();
    for (Opinion opinion : opinions) {
      if (opinion.kind() == Kind.OBJECTS) {
        return opinion;
      }
    }
    int answered = evidence.candidate().answered();
    if (!evidence.replayed() && answered < enough) {
      return Opinion.waits("%d of %d answers".formatted(answered, enough));
    }
    return opinions.stream()
        .filter(opinion -> opinion.kind() == Kind.WAITS)
        .findFirst()
        .orElse(Opinion.agrees());
  }
}
