package dev.mlhandoff.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.GateVerdict;
import dev.mlhandoff.messages.HopTimes;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.ProjectOutcome;
import dev.mlhandoff.messages.ProjectOutcome.Status;
import dev.mlhandoff.messages.ProjectRequest;
import dev.mlhandoff.messages.RouteTable;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topic;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.Digests;
import dev.mlhandoff.runtime.FileArtifactStore;
import dev.mlhandoff.runtime.RunIds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each rule, held against a log that breaks it and nothing else. */
class LogCheckerTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final ProjectRequest REQUEST = ProjectRequest.of("Churn", "shop", "gone", "-");

  @TempDir Path folder;

  private final List<LoggedRecord> log = new ArrayList<>();
  private FileArtifactStore store;
  private ArtifactRef artifact;
  private String run;

  /** A completed run, as it stands in the topics when all went well. */
  @BeforeEach
  void completedRun() throws IOException {
    store = new FileArtifactStore(folder);
    byte[] content = "evidence".getBytes(StandardCharsets.UTF_8);
    store.putIfAbsent("card.json", content, "application/json");
    artifact =
        new ArtifactRef(
            store.uri("card.json"), Digests.sha256(content), content.length, "application/json");
    run = request();
    for (String stage : StageIds.OF_THE_CARD) {
      add(Topics.PIPELINE_EVENTS, run, completed(stage));
    }
    add(Topics.STAGE_ESC, run, handoff(StageIds.TRAINING, 1));
    add(Topics.STAGE_ESC, run, handoff(StageIds.TRAINING, 2));
    add(Topics.PIPELINE_EVENTS, run, passed());
    add(Topics.SERVING_ROUTES, "churn", new RouteTable("churn", 1, List.of()));
    add(Topics.SERVING_ROUTES, "churn", new RouteTable("churn", 1, List.of()));
    add(Topics.SERVING_ROUTES, "churn", new RouteTable("churn", 2, List.of()));
    add(Topics.MODEL_CARDS, "churn/1.0.0", Map.of("model_name", "Churn"));
    add(Topics.PROJECT_OUTCOMES, run, outcome(run, Status.COMPLETED));
  }

  @Test
  void acceptsWhatHolds() throws IOException {
    String rejected = request();
    add(Topics.PIPELINE_EVENTS, rejected, rejection(rejected));
    add(Topics.PROJECT_OUTCOMES, rejected, outcome(rejected, Status.REJECTED));

    assertThat(violations()).isEmpty();
  }

  @Test
  void findsALostOutcome() throws IOException {
    String lost = request();

    assertThat(violations()).containsExactly(lost + " has 0 outcomes");
  }

  @Test
  void findsADoubledOutcome() throws IOException {
    add(Topics.PROJECT_OUTCOMES, run, outcome(run, Status.COMPLETED));

    assertThat(violations()).containsExactly(run + " has 2 outcomes");
  }

  @Test
  void findsAnOutcomeOfNoRequest() throws IOException {
    String unknown = "run-0123456789abcdef";
    add(Topics.PIPELINE_EVENTS, unknown, rejection(unknown));
    add(Topics.PROJECT_OUTCOMES, unknown, outcome(unknown, Status.REJECTED));

    assertThat(violations()).containsExactly(unknown + " has an outcome but was never requested");
  }

  @Test
  void findsAnOutcomeUnderTheWrongKey() throws IOException {
    log.remove(log.size() - 1);
    add(Topics.PROJECT_OUTCOMES, "churn", outcome(run, Status.COMPLETED));

    assertThat(violations())
        .singleElement()
        .asString()
        .startsWith("the outcome project.outcomes.v1-0@")
        .endsWith("is not keyed by its run");
  }

  @Test
  void findsAHandoffThatWasCommittedTwice() throws IOException {
    add(Topics.STAGE_ESC, run, handoff(StageIds.TRAINING, 2));

    assertThat(violations())
        .singleElement()
        .asString()
        .startsWith("training attempt 2 of " + run + " on stage.esc.v1 was handed over twice");
  }

  @Test
  void findsAnArtifactThatIsNotThere() throws IOException {
    Files.delete(folder.resolve("card.json"));

    assertThat(violations())
        .singleElement()
        .asString()
        .contains(" names " + artifact.uri() + ": there is no ");
  }

  @Test
  void findsAnArtifactWithOtherContent() throws IOException {
    Files.writeString(folder.resolve("card.json"), "evidence of something else");

    assertThat(violations()).singleElement().asString().contains("does not have its digest");
  }

  @Test
  void findsAnArtifactOfAnotherSize() throws IOException {
    add(
        Topics.MODEL_CARDS,
        "churn/1.0.0",
        new ArtifactRef(artifact.uri(), artifact.sha256(), 7, "application/json"));

    assertThat(violations()).singleElement().asString().contains("with 7 bytes; it has 8");
  }

  @Test
  void findsAStageThatNeverCompleted() throws IOException {
    log.removeIf(record -> record.value().contains("\"" + StageIds.INFERENCE + "\""));

    assertThat(violations()).containsExactly(run + " is COMPLETED without: " + run + " inference");
  }

  @Test
  void findsACompletedRunThatNeverPassedTheGate() throws IOException {
    log.removeIf(record -> record.value().contains("GateEvaluated"));

    assertThat(violations())
        .containsExactly(run + " is COMPLETED without: " + run + " pass of the quality gate");
  }

  @Test
  void findsACompletedRunWithoutACard() throws IOException {
    log.removeIf(record -> record.topic().equals(Topics.MODEL_CARDS.name()));

    assertThat(violations()).containsExactly(run + " is COMPLETED without: card churn/1.0.0");
  }

  @Test
  void findsARejectionThatNobodyDecided() throws IOException {
    String other = request();
    add(Topics.PROJECT_OUTCOMES, other, outcome(other, Status.REJECTED));

    assertThat(violations())
        .containsExactly(other + " is REJECTED without: " + other + " rejection");
  }

  @Test
  void findsARouteThatIsSetBack() throws IOException {
    add(Topics.SERVING_ROUTES, "churn", new RouteTable("churn", 1, List.of()));

    assertThat(violations())
        .singleElement()
        .asString()
        .contains("sets the route of churn back from revision 2 to 1");
  }

  @Test
  void findsAnEventThatCannotBeRead() throws IOException {
    add(Topics.PIPELINE_EVENTS, run, Map.of("type", "Unheard"));

    assertThat(violations()).singleElement().asString().endsWith("cannot be read");
  }

  private List<String> violations() throws IOException {
    return LogChecker.check(log, store);
  }

  private String request() {
    LoggedRecord record = add(Topics.PROJECT_REQUESTS, "-", REQUEST);
    return RunIds.of(record.topic(), record.partition(), record.offset(), record.timestamp());
  }

  private LoggedRecord add(Topic<?> topic, String key, Object value) {
    LoggedRecord record =
        new LoggedRecord(
            topic.name(),
            0,
            log.size(),
            NOW.toEpochMilli(),
            key,
            new String(Json.write(value), StandardCharsets.UTF_8));
    log.add(record);
    return record;
  }

  private StageHandoff handoff(String phase, int attempt) {
    return new StageHandoff(
        run, null, attempt, "FAR", "ESC", phase, "-", REQUEST, "churn", "1.0.0", List.of());
  }

  private PipelineEvent completed(String stage) {
    return new PipelineEvent.StageCompleted(
        stage,
        run,
        NOW,
        "churn",
        "1.0.0",
        Deliverable.of(
            stage, "-", 1, "done", new TreeMap<>(Map.of("spec", artifact)), new TreeMap<>()),
        new HopTimes(0, 0, 0));
  }

  private PipelineEvent passed() {
    return new PipelineEvent.GateEvaluated(
        "gate",
        run,
        NOW,
        1,
        GateVerdict.PASSED,
        0.8,
        0.65,
        new TreeMap<>(Map.of("discrimination", 0.8)),
        "1",
        List.of(),
        null,
        null);
  }

  private static PipelineEvent rejection(String runId) {
    return new PipelineEvent.Rejected(
        runId, runId, NOW, "training", "ESC", 1, "INTERNAL", "-", "", List.of(), null, null);
  }

  private ProjectOutcome outcome(String runId, Status status) {
    boolean completed = status == Status.COMPLETED;
    return new ProjectOutcome(
        runId,
        runId,
        status,
        "churn",
        "1.0.0",
        completed ? "churn/1.0.0" : null,
        completed ? artifact : null,
        null,
        null,
        null,
        NOW);
  }
}
