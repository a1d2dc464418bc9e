package dev.mlhandoff.card;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.GateVerdict;
import dev.mlhandoff.messages.HopTimes;
import dev.mlhandoff.messages.ModelCard;
import dev.mlhandoff.messages.ModelCard.PipelineStage;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.GateEvaluated;
import dev.mlhandoff.messages.PipelineEvent.RunAccepted;
import dev.mlhandoff.messages.PipelineEvent.StageCompleted;
import dev.mlhandoff.messages.ProjectRequest;
import dev.mlhandoff.messages.RequestSource;
import dev.mlhandoff.messages.StageIds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CardAssemblerTest {

  private static final Map<String, String> PERSONAS =
      Map.of(
          StageIds.DATA_PIPELINE, "POR",
          StageIds.FEATURE_ENGINEERING, "FAR",
          StageIds.TRAINING, "ESC",
          StageIds.INFERENCE, "IOR",
          StageIds.DEPLOYMENT, "MOS");

  @Test
  void namesTheFiveStagesInTheOrderOfARun() {
    ModelCard card = card(run("run-a", 0, 12.5));

    assertThat(card.pipelineStages())
        .extracting(PipelineStage::persona)
        .containsExactly("POR", "FAR", "ESC", "IOR", "MOS");
    assertThat(card.pipelineStages().get(0).summaryLength())
        .isEqualTo("data_pipeline done".length());
    assertThat(card.deploymentStatus()).isEqualTo("production");
  }

  @Test
  void takesTheScoreOfTheLastAttempt() {
    List<PipelineEvent> events = run("run-a", 0, 12.5);
    events.add(gate("run-a", 2, 0.8));

    assertThat(card(events).qualityScore()).isEqualTo(0.8);
  }

  @Test
  void givesTheSameEvidenceForEqualWorkInAnotherRunAtAnotherTime() {
    ModelCard one = card(run("run-a", 0, 12.5));
    ModelCard other = card(run("run-b", 86_400, 99.0));

    assertThat(other.evidenceDigest()).isEqualTo(one.evidenceDigest());
    assertThat(other.status()).isNotEqualTo(one.status());
  }

  @Test
  void doesNotDependOnTheOrderOfEvents() {
    ModelCard expected = card(run("run-a", 0, 12.5));
    Random random = new Random(42);
    for (int i = 0; i < 50; i++) {
      List<PipelineEvent> events = run("run-a", 0, 12.5);
      Collections.shuffle(events, random);
      assertThat(card(events)).isEqualTo(expected);
    }
  }

  @Test
  void waitsUntilEveryStageHasDelivered() {
    for (int i = 0; i < run("run-a", 0, 12.5).size(); i++) {
      List<PipelineEvent> events = run("run-a", 0, 12.5);
      events.remove(i);
      assertThat(CardAssembler.assemble(recorded(events))).isEmpty();
    }
  }

  @Test
  void showsAHostileNameAsText() {
    ModelCard card = card(run("run-a", 0, 12.5));

    assertThat(CardPages.html(card))
        .doesNotContain("<script>")
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;");
    assertThat(CardPages.markdown(card)).doesNotContain("<script>");
  }

  private static ModelCard card(List<PipelineEvent> events) {
    return CardAssembler.assemble(recorded(events)).orElseThrow();
  }

  private static List<PipelineEvent> run(String runId, long second, double latency) {
    Instant time = Instant.ofEpochSecond(second);
    List<PipelineEvent> events = new ArrayList<>();
    events.add(
        new RunAccepted(
            runId + "-accepted",
            runId,
            time,
            ProjectRequest.of("<script>alert(1)</script>", "customers", "churn", "2026-12-31"),
            new RequestSource("project.requests.v1", 0, second),
            "churn",
            "1.0.0",
            null));
    events.add(gate(runId, 1, 0.7));
    for (String stage : StageIds.OF_THE_CARD) {
      ArtifactRef spec =
          new ArtifactRef("file:///" + runId + "/" + stage, "a".repeat(64), 3, "application/json");
      Deliverable deliverable =
          Deliverable.of(
              stage,
              String.valueOf(PERSONAS.get(stage)),
              1,
              stage + " done",
              Map.of("spec", spec),
              Map.of("latency_p99_ms", latency, "rows", 100.0));
      events.add(
          new StageCompleted(
              runId + stage,
              runId,
              time,
              "churn",
              "1.0.0",
              deliverable,
              new HopTimes(second, second, second)));
    }
    return events;
  }

  private static GateEvaluated gate(String runId, int attempt, double score) {
    return new GateEvaluated(
        runId + "-gate-" + attempt,
        runId,
        Instant.EPOCH,
        attempt,
        GateVerdict.PASSED,
        score,
        0.65,
        new TreeMap<>(),
        "1",
        List.of("reason"),
        null);
  }
}
