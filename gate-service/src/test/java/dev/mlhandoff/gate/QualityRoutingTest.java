package dev.mlhandoff.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.GateVerdict;
import dev.mlhandoff.messages.PipelineEvent.GateEvaluated;
import dev.mlhandoff.messages.PipelineEvent.Rejected;
import dev.mlhandoff.messages.ProjectRequest;
import dev.mlhandoff.messages.RequestSource;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.Emission;
import dev.mlhandoff.runtime.Work;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class QualityRoutingTest {

  private static final ArtifactRef REPORT =
      new ArtifactRef("file:///gate-report.json", "0".repeat(64), 2, "application/json");

  private final QualityRouting routing =
      new QualityRouting(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

  @ParameterizedTest
  @EnumSource(GateVerdict.class)
  void tellsEveryVerdictBeforeAnythingElse(GateVerdict verdict) {
    List<Emission> emissions = route(verdict, 1);

    assertThat(emissions).hasSize(2);
    assertThat(emissions.get(0).payload())
        .isInstanceOfSatisfying(
            GateEvaluated.class, event -> assertThat(event.verdict()).isEqualTo(verdict));
  }

  @Test
  void sendsAPassOnToGovernanceWithTheReport() {
    Emission last = route(GateVerdict.PASSED, 1).get(1);

    assertThat(last.topic()).isEqualTo(Topics.STAGE_GCA);
    StageHandoff handoff = (StageHandoff) last.payload();
    assertThat(handoff.attempt()).isEqualTo(1);
    assertThat(handoff.deliverable(StageIds.QUALITY_GATE).artifact("gate-report"))
        .isEqualTo(REPORT);
  }

  @Test
  void sendsAFailureBackToTrainingForTheNextAttempt() {
    Emission last = route(GateVerdict.FAILED, 1).get(1);

    assertThat(last.topic()).isEqualTo(Topics.STAGE_ESC);
    assertThat(((StageHandoff) last.payload()).attempt()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "EXHAUSTED, GATE_EXHAUSTED",
    "NOT_BETTER_THAN_SINGLE_FEATURE, NOT_BETTER_THAN_SINGLE_FEATURE",
    "EVIDENCE_MISMATCH, EVIDENCE_MISMATCH",
    "HOLDOUT_FAILED, HOLDOUT_FAILED",
    "INFERIOR_TO_CHAMPION, INFERIOR_TO_CHAMPION"
  })
  void endsTheRunWithTheHistoryOfItsAttempts(GateVerdict verdict, String code) {
    Emission last = route(verdict, 2).get(1);

    assertThat(last.topic()).isEqualTo(Topics.PIPELINE_EVENTS);
    Rejected rejected = (Rejected) last.payload();
    assertThat(rejected.code()).isEqualTo(code);
    assertThat(rejected.history()).containsExactly("judged 1", "judged 2");
  }

  /** Routes the verdict on an attempt whose earlier ones all went through the gate as well. */
  private List<Emission> route(GateVerdict verdict, int attempt) {
    List<Deliverable> earlier =
        IntStream.range(1, attempt).mapToObj(QualityRoutingTest::judged).toList();
    StageHandoff handoff =
        new StageHandoff(
            "run",
            null,
            attempt,
            "ESC",
            "GATE",
            StageIds.QUALITY_GATE,
            "Judge this.",
            ProjectRequest.of("Churn", "customers", "churn", "2026-12-31"),
            "churn",
            "1.0.0",
            earlier);
    RequestSource source = new RequestSource("stage.gate.v1", 0, 0);
    return routing.route(
        new Work<>("run", attempt, source, null, handoff),
        new QualityOutput(
            verdict, 0.7, 0.65, new TreeMap<>(), "2", List.of("reason"), judged(attempt), null));
  }

  private static Deliverable judged(int attempt) {
    return Deliverable.of(
        StageIds.QUALITY_GATE,
        "GATE",
        attempt,
        "judged " + attempt,
        Map.of("gate-report", REPORT),
        Map.of());
  }
}
