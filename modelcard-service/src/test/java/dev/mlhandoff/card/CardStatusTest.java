package dev.mlhandoff.card;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.messages.ModelCard;
import dev.mlhandoff.messages.PipelineEvent.RolledBack;
import dev.mlhandoff.messages.RouteTable;
import dev.mlhandoff.messages.RouteTable.Role;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CardStatusTest {

  @Test
  void saysWhatTheRouteSays() {
    assertThat(status(Map.of("1.0.0", Role.STAGED))).isEqualTo("staged");
    assertThat(status(Map.of("1.0.0", Role.SHADOW))).isEqualTo("shadow");
    assertThat(status(Map.of("1.0.0", Role.CANARY))).isEqualTo("canary");
    assertThat(status(Map.of("1.0.0", Role.PRODUCTION))).isEqualTo("production");
    assertThat(status(Map.of("1.0.0", Role.STANDBY, "2.0.0", Role.PRODUCTION)))
        .isEqualTo("superseded");
    assertThat(status(Map.of("2.0.0", Role.PRODUCTION))).isEqualTo("retired");
  }

  @Test
  void saysNothingItDoesNotKnow() {
    SampleRun sample = sample();

    assertThat(CardStatus.apply(card(sample), sample.run(), null, List.of()).deploymentStatus())
        .isEqualTo("unknown");
  }

  @Test
  void tellsARollbackFromARetirementUntilTheVersionServesAgain() {
    SampleRun sample = sample();
    sample.add(
        new RolledBack("back", "run-a", sample.tick(), "churn", "1.0.0", 6, "p99 over the target"));

    assertThat(status(sample, Map.of("2.0.0", Role.PRODUCTION))).isEqualTo("rolled_back");
    assertThat(status(sample, Map.of("1.0.0", Role.PRODUCTION))).isEqualTo("production");
  }

  @Test
  void revisionRisesWithEveryRouteAndTheEvidenceStays() {
    SampleRun sample = sample();
    ModelCard first = apply(sample, 4, Map.of("1.0.0", Role.PRODUCTION));
    ModelCard second = apply(sample, 5, Map.of("2.0.0", Role.PRODUCTION));

    assertThat((Long) second.status().get("revision"))
        .isGreaterThan((Long) first.status().get("revision"));
    assertThat(second.evidence()).isEqualTo(first.evidence());
    assertThat(second.evidenceDigest()).isEqualTo(first.evidenceDigest());
    assertThat(second.status()).containsEntry("traffic_percent", 0).doesNotContainKey("role");
  }

  @Test
  void saysWhetherAnIsoDeadlineWasMissed() {
    assertThat(deadlineMissed("2026-11-24")).isEqualTo(false);
    assertThat(deadlineMissed("2026-11-23")).isEqualTo(true);
    assertThat(deadlineMissed("Sprint 44")).isNull();
  }

  private static @org.jspecify.annotations.Nullable Object deadlineMissed(String deadline) {
    SampleRun sample =
        SampleRun.of("run-a", "churn", "1.0.0").accepted("Churn", deadline).rejected("ANY");
    SampleRun complete = sample();
    return CardStatus.apply(card(complete), sample.run(), null, List.of())
        .status()
        .get("deadline_missed");
  }

  private static String status(Map<String, Role> roles) {
    return status(sample(), roles);
  }

  private static String status(SampleRun sample, Map<String, Role> roles) {
    return apply(sample, 7, roles).deploymentStatus();
  }

  private static ModelCard apply(SampleRun sample, long revision, Map<String, Role> roles) {
    RouteTable table = SampleRun.routes("churn", revision, roles);
    return CardStatus.apply(card(sample), sample.run(), table, List.of());
  }

  private static SampleRun sample() {
    return SampleRun.of("run-a", "churn", "1.0.0").complete(4);
  }

  private static ModelCard card(SampleRun sample) {
    return CardAssembler.assemble(sample.run()).orElseThrow();
  }
}
