package dev.mlhandoff.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.gate.ParkedRuns.Parked;
import dev.mlhandoff.messages.Approval;
import dev.mlhandoff.messages.Approval.Decision;
import dev.mlhandoff.messages.GovernanceCheck.Severity;
import dev.mlhandoff.messages.GovernanceVerdict;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PipelineEvent.ApprovalDecided;
import dev.mlhandoff.messages.PipelineEvent.GovernanceEvaluated;
import dev.mlhandoff.messages.PipelineEvent.Rejected;
import dev.mlhandoff.messages.PipelineEvent.RunParked;
import dev.mlhandoff.messages.PipelineEvent.StageCompleted;
import dev.mlhandoff.messages.RequestSource;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.Emission;
import dev.mlhandoff.runtime.FileArtifactStore;
import dev.mlhandoff.runtime.Work;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GovernanceRoutingTest {

  private static final String RUN = "run-0123456789abcdef";
  private static final Instant AT = Instant.ofEpochSecond(1_800_000_000);

  @TempDir private Path folder;
  private ArtifactStore artifacts;

  @BeforeEach
  void openStore() {
    artifacts = new FileArtifactStore(folder);
  }

  @ParameterizedTest
  @EnumSource(GovernanceVerdict.class)
  void tellsEveryAuditFirst(GovernanceVerdict verdict) throws Exception {
    List<Emission> emissions = route(verdict, Severity.MANDATORY);

    assertThat(emissions).hasSize(2);
    assertThat(emissions.get(0).payload())
        .isInstanceOfSatisfying(
            GovernanceEvaluated.class,
            event -> {
              assertThat(event.verdict()).isEqualTo(verdict);
              assertThat(event.score()).isEqualTo(0.8);
              assertThat(event.policyVersion()).isEqualTo("1");
              assertThat(event.reasons()).containsExactly("failed-MANDATORY: saw failed-MANDATORY");
            });
  }

  @Test
  void sendsAPassOnToInference() throws Exception {
    Emission onward = route(GovernanceVerdict.PASSED, Severity.ADVISORY).get(1);

    assertThat(onward.topic()).isEqualTo(Topics.STAGE_IOR);
    StageHandoff handoff = (StageHandoff) onward.payload();
    assertThat(handoff.deliverable(StageIds.GOVERNANCE).summary()).isEqualTo("Audited.");
  }

  @Test
  void parksWithWhatIsNeededAtLeast() throws Exception {
    RunParked mandatory =
        (RunParked) route(GovernanceVerdict.PARKED, Severity.MANDATORY).get(1).payload();
    RunParked hard =
        (RunParked)
            route(
                    GovernanceVerdict.PARKED,
                    Severity.MANDATORY,
                    Severity.HARD_STOP,
                    Severity.ADVISORY)
                .get(1)
                .payload();

    assertThat(mandatory.needs()).isEqualTo(Decision.APPROVE);
    assertThat(hard.needs()).isEqualTo(Decision.WAIVE);
    assertThat(hard.checks()).containsExactly("failed-MANDATORY", "failed-HARD_STOP");
    assertThat(hard.expiresAt()).isEqualTo(AT);
  }

  @Test
  void endsAStoppedRunWithItsReasons() throws Exception {
    Rejected rejected =
        (Rejected) route(GovernanceVerdict.STOPPED, Severity.HARD_STOP).get(1).payload();

    assertThat(rejected.code()).isEqualTo("GOVERNANCE_STOPPED");
    assertThat(rejected.message()).contains("saw failed-HARD_STOP");
  }

  @ParameterizedTest
  @EnumSource(names = {"APPROVE", "WAIVE"})
  void whatWasLetThroughGoesOnWithTheDecisionInTheReport(Decision decision) throws Exception {
    List<Emission> emissions = decide(decision);

    assertThat(emissions).hasSize(3);
    ApprovalDecided decided = (ApprovalDecided) emissions.get(0).payload();
    assertThat(decided.occurredAt()).isEqualTo(AT);
    assertThat(decided.checks()).containsExactly("failed-HARD_STOP");
    StageCompleted completed = (StageCompleted) emissions.get(1).payload();
    assertThat(completed.deliverable().summary()).contains("A. Clerk", "it is known");
    assertThat(emissions.get(2).topic()).isEqualTo(Topics.STAGE_IOR);
    var report = completed.deliverable().artifact(AuditReport.JSON_ROLE);
    assertThat(report).isEqualTo(decided.report());
    assertThat(Json.tree(artifacts.read(report)).path("reportVersion").asInt()).isEqualTo(2);
    assertThat(
            new String(
                artifacts.read(completed.deliverable().artifact(AuditReport.MARKDOWN_ROLE)),
                StandardCharsets.UTF_8))
        .contains("version 2", "## Decision", "A. Clerk: it is known");
  }

  @ParameterizedTest
  @CsvSource({"REJECT, GOVERNANCE_REJECTED", "EXPIRE, GOVERNANCE_EXPIRED"})
  void whatWasNotLetThroughEnds(Decision decision, String code) throws Exception {
    List<Emission> emissions = decide(decision);

    assertThat(emissions).hasSize(2);
    Rejected rejected = (Rejected) emissions.get(1).payload();
    assertThat(rejected.code()).isEqualTo(code);
    assertThat(rejected.message()).contains("it is known", "saw failed-HARD_STOP");
  }

  @Test
  void theSameDecisionSaysTheSameAgain() throws Exception {
    assertThat(decide(Decision.WAIVE)).isEqualTo(decide(Decision.WAIVE));
  }

  private List<Emission> route(GovernanceVerdict verdict, Severity... failed) throws Exception {
    return new GovernanceRouting(Clock.fixed(AT, ZoneOffset.UTC))
        .route(
            new Work<>(
                RUN, 1, new RequestSource("stage.gca.v1", 0, 0), null, ParkedSamples.handoff(RUN)),
            ParkedSamples.output(verdict, AT, artifacts, failed));
  }

  private List<Emission> decide(Decision decision) throws Exception {
    Parked run =
        new Parked(
            ParkedSamples.handoff(RUN),
            ParkedSamples.output(GovernanceVerdict.PARKED, AT, artifacts, Severity.HARD_STOP));
    return new ApprovalRouting(artifacts)
        .route(run, new Approval(RUN, decision, "A. Clerk", "it is known"), AT);
  }
}
