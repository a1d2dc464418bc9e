package dev.mlhandoff.gate;

import dev.mlhandoff.messages.GateVerdict;
import dev.mlhandoff.messages.GovernanceCheck;
import dev.mlhandoff.messages.GovernanceVerdict;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;

/** Counts what the gates decide, and how the attempts score. */
final class GateMetrics {

  private static final String QUALITY = "quality";
  private static final String GOVERNANCE = "governance";
  private static final double[] SCORES = {0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1};

  private final MeterRegistry registry;

  GateMetrics(MeterRegistry registry) {
    this.registry = registry;
    for (GateVerdict verdict : GateVerdict.values()) {
      verdicts(QUALITY, verdict, 0);
    }
    for (GovernanceVerdict verdict : GovernanceVerdict.values()) {
      verdicts(GOVERNANCE, verdict, 0);
    }
    score("quality_score");
  }

  /**
   * An attempt was judged.
   *
   * @param dimensions of the score, by name; a policy has few
   */
  void quality(GateVerdict verdict, double score, Map<String, Double> dimensions) {
    verdicts(QUALITY, verdict, 1);
    score("quality_score").record(score);
    dimensions.forEach((dimension, value) -> score(dimension).record(value));
  }

  void governance(GovernanceVerdict verdict, List<GovernanceCheck> checks) {
    verdicts(GOVERNANCE, verdict, 1);
    for (GovernanceCheck check : checks) {
      registry
          .counter(
              "handoff.governance.checks",
              "check",
              check.id(),
              "result",
              check.passed() ? "passed" : "failed")
          .increment();
    }
  }

  private void verdicts(String gate, Enum<?> verdict, int count) {
    registry
        .counter("handoff.gate.verdicts", "gate", gate, "verdict", verdict.name())
        .increment(count);
  }

  private DistributionSummary score(String dimension) {
    return DistributionSummary.builder("handoff.gate.score")
        .description("scores of the quality gate, 0 to 1")
        .tag("dimension", dimension)
        .serviceLevelObjectives(SCORES)
        .register(registry);
  }
}
