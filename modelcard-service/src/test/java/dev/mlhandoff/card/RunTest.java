package dev.mlhandoff.card;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.card.RunRecord.StageRecord;
import dev.mlhandoff.card.RunRecord.StageStatus;
import dev.mlhandoff.card.RunSummary.Status;
import dev.mlhandoff.messages.Approval.Decision;
import dev.mlhandoff.messages.GateVerdict;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PipelineEvent.ApprovalDecided;
import dev.mlhandoff.messages.PipelineEvent.RunParked;
import dev.mlhandoff.messages.PipelineEvent.StageStarted;
import dev.mlhandoff.messages.ProjectOutcome;
import dev.mlhandoff.messages.StageIds;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RunTest {

  private static final Outcomes OUTCOMES = new Outcomes(key -> "file:///" + key);

  @Test
  void anyOrderAndRepetitionOfTheEventsIsTheSameRun() {
    SampleRun sample = SampleRun.of("run-a", "churn", "1.0.0").complete(4).rejected("TOO_LATE");
    List<RecordedEvent> events = new ArrayList<>(sample.recorded());
    // Restarted after a crash: the same event again, at another time and a later offset.
    events.add(
        new RecordedEvent(
            new EventPosition("pipeline.events.v1", 3, 900),
            new StageStarted(
                "run-a/training/1/StageStarted", "run-a", Instant.EPOCH, "training", "ESC", 1)));
    String expected = told(Run.of(events));
    Random random = new Random(42);
    for (int i = 0; i < 200; i++) {
      List<RecordedEvent> shuffled = new ArrayList<>(events);
      for (int copies = random.nextInt(20); copies > 0; copies--) {
        shuffled.add(events.get(random.nextInt(events.size())));
      }
      Collections.shuffle(shuffled, random);
      assertThat(told(Run.of(shuffled))).isEqualTo(expected);
    }
  }

  @Test
  void theFirstTerminalDecisionCounts() {
    Run promoted = SampleRun.of("run-a", "churn", "1.0.0").complete(4).rejected("LATE").run();
    Run rejected = SampleRun.of("run-a", "churn", "1.0.0").rejected("EARLY").complete(4).run();

    assertThat(OUTCOMES.of(promoted).orElseThrow().status())
        .isEqualTo(ProjectOutcome.Status.COMPLETED);
    assertThat(OUTCOMES.of(rejected).orElseThrow().status())
        .isEqualTo(ProjectOutcome.Status.REJECTED);
  }

  @Test
  void tellsEachAttemptOfEachStageWithItsTimes() {
    Run run = SampleRun.of("run-a", "churn", "1.0.0").complete(4).run();
    RunRecord record = RunRecords.record(run, OUTCOMES.of(run).orElseThrow());

    assertThat(record.stages())
        .extracting(s -> s.stage() + " " + s.attempt())
        .containsExactly(
            "data_pipeline 1",
            "feature_engineering 1",
            "training 1",
            "quality_gate 1",
            "training 2",
            "quality_gate 2",
            "inference 2",
            "deployment 1");
    StageRecord training = record.stages().get(2);
    assertThat(training.status()).isEqualTo(StageStatus.COMPLETED);
    assertThat(training.queueMs()).isEqualTo(11);
    assertThat(training.workMs()).isEqualTo(1000);
    assertThat(training.publishMs()).isEqualTo(3);
    assertThat(training.summary()).isEqualTo("training done");
    assertThat(training.artifacts()).containsKey("spec");
    assertThat(training.startedAt()).isBefore(training.finishedAt());
    assertThat(record.verdicts())
        .extracting(v -> v.verdict())
        .containsExactly(GateVerdict.FAILED, GateVerdict.PASSED);
    assertThat(record.deployment())
        .extracting(d -> d.state())
        .containsExactly("canary 5 %", "production");
    assertThat(record.summary().status()).isEqualTo(Status.COMPLETED);
    assertThat(record.summary().cardKey()).isEqualTo("churn/1.0.0");
    assertThat(Json.tree(Json.write(record)).get("status").asString()).isEqualTo("COMPLETED");
  }

  @Test
  void tellsWhereARejectedRunEnded() {
    Run run =
        SampleRun.of("run-a", "churn", "1.0.0")
            .accepted("Churn", "soon")
            .stage(StageIds.TRAINING, 3)
            .gate(3, GateVerdict.EXHAUSTED, 0.5)
            .rejected("GATE_EXHAUSTED")
            .run();
    RunRecord record = RunRecords.record(run, OUTCOMES.of(run).orElseThrow());

    assertThat(record.summary().status()).isEqualTo(Status.REJECTED);
    assertThat(record.summary().code()).isEqualTo("GATE_EXHAUSTED");
    StageRecord gate = record.stages().get(1);
    assertThat(gate.status()).isEqualTo(StageStatus.REJECTED);
    assertThat(gate.failure()).isNotNull();
    assertThat(record.outcome()).isNotNull();
  }

  @Test
  void waitsForAHumanUntilOneDecides() {
    SampleRun sample =
        SampleRun.of("run-a", "churn", "1.0.0")
            .accepted("Churn", "soon")
            .stage(StageIds.TRAINING, 1);
    sample.add(
        new RunParked(
            "parked",
            "run-a",
            sample.tick(),
            1,
            StageIds.GOVERNANCE,
            "GCA",
            Decision.APPROVE,
            0.7,
            0.65,
            List.of("fairness"),
            "1",
            List.of("recall differs"),
            sample.tick()));
    RunRecord waiting = RunRecords.record(sample.run(), null);
    assertThat(waiting.summary().status()).isEqualTo(Status.PARKED);
    assertThat(waiting.stages().get(1).status()).isEqualTo(StageStatus.PARKED);
    assertThat(waiting.parked()).isNotNull();

    sample.add(
        new ApprovalDecided(
            "decided",
            "run-a",
            sample.tick(),
            1,
            Decision.APPROVE,
            "ada",
            "reviewed",
            0.7,
            0.65,
            List.of("fairness"),
            "1",
            List.of(),
            null));
    RunRecord decided = RunRecords.record(sample.run(), null);
    assertThat(decided.summary().status()).isEqualTo(Status.RUNNING);
    assertThat(decided.parked()).isNull();
    assertThat(decided.approvals()).hasSize(1);
  }

  /** Everything that readers can see of a run. */
  private static String told(Run run) {
    ProjectOutcome outcome = OUTCOMES.of(run).orElseThrow();
    return new String(Json.write(RunRecords.record(run, outcome)), StandardCharsets.UTF_8)
        + new String(
            Json.write(
                CardStatus.apply(CardAssembler.assemble(run).orElseThrow(), run, null, List.of())),
            StandardCharsets.UTF_8);
  }
}
