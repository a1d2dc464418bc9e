package dev.mlhandoff.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.messages.GateVerdict;
import dev.mlhandoff.messages.GovernanceVerdict;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GateMetricsTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final GateMetrics metrics = new GateMetrics(registry);

  @Test
  void verdictsAreCountedByGateAndScoresByDimension() {
    metrics.quality(GateVerdict.PASSED, 0.81, Map.of("ranking", 0.81, "calibration", 0.97));
    metrics.quality(GateVerdict.EXHAUSTED, 0.5, Map.of("ranking", 0.5));
    metrics.governance(GovernanceVerdict.PASSED, List.of());

    assertThat(verdicts("quality", "PASSED")).isEqualTo(1);
    assertThat(verdicts("quality", "EXHAUSTED")).isEqualTo(1);
    assertThat(verdicts("governance", "PASSED")).isEqualTo(1);
    assertThat(verdicts("governance", "STOPPED")).as("there from the start").isZero();
    assertThat(score("quality_score").mean()).isEqualTo(0.655);
    assertThat(score("ranking").count()).isEqualTo(2);
    assertThat(score("calibration").max()).isEqualTo(0.97);
  }

  private double verdicts(String gate, String verdict) {
    return registry
        .get("handoff.gate.verdicts")
        .tags("gate", gate, "verdict", verdict)
        .counter()
        .count();
  }

  private DistributionSummary score(String dimension) {
    return registry.get("handoff.gate.score").tag("dimension", dimension).summary();
  }
}
