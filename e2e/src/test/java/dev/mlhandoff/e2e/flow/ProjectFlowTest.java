package dev.mlhandoff.e2e.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mlhandoff.cli.Backends;
import dev.mlhandoff.e2e.flow.TraceReceiver.Received;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ModelCard;
import dev.mlhandoff.messages.ModelCard.PipelineStage;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.GateEvaluated;
import dev.mlhandoff.messages.ProjectOutcome;
import dev.mlhandoff.messages.ProjectOutcome.Rejection;
import dev.mlhandoff.messages.ProjectOutcome.Status;
import dev.mlhandoff.messages.RequestSource;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.Digests;
import dev.mlhandoff.runtime.S3ArtifactStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** From a published request to a card and a model that answers, and to a gate that stays shut. */
class ProjectFlowTest {

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final byte[] KEY = "one partition".getBytes(UTF_8);
  private static final String REQUEST =
      """
      {"name": "Flow of a project", "dataset": "good", "target": "churned", "deadline": "Sprint 44",
       "requirements": {"latencyTargetMs": 10000}, "rollout": {"steps": [50, 100]},
       "correlationId": "project-flow"}
      """;
  private static final String COIN_FLIP =
      """
      {"name": "Coin flip", "dataset": "good", "target": "coin_flip", "deadline": "Sprint 44"}
      """;

  @TempDir private Path folder;
  private final FlowSystem system = FlowSystem.get();

  @Test
  void aRequestBecomesAServingModelWithACardAndARandomTargetStopsAtTheGate() throws Exception {
    try (Requests requests = new Requests(system.backends().broker())) {
      RequestSource good = requests.publish(KEY, REQUEST.getBytes(UTF_8), List.of());
      RequestSource repeated = requests.publish(KEY, REQUEST.getBytes(UTF_8), List.of());
      RequestSource random = requests.publish(null, COIN_FLIP.getBytes(UTF_8), List.of());
      Map<RequestSource, List<ProjectOutcome>> outcomes =
          requests.await(List.of(good, repeated, random), PATIENCE);

      ProjectOutcome completed = only(outcomes, good);
      assertCard(completed, requests);
      assertBill(completed);
      assertDeclaredFeatures(completed);
      assertOneTrace(completed);
      ToldLineage.check(completed, requests);
      assertPredictions(completed);
      new Tampering(system, completed.runId(), folder).check();
      ProjectOutcome again = only(outcomes, repeated);
      assertThat(again.answeredBy()).isEqualTo(completed.runId());
      assertThat(again.runId()).isNotEqualTo(completed.runId());
      assertThat(again.card()).isEqualTo(completed.card());
      assertThat(again.status()).isEqualTo(Status.COMPLETED);
      assertGateStaysShut(only(outcomes, random), requests);
    }
  }

  private void assertCard(ProjectOutcome outcome, Requests requests) throws Exception {
    assertThat(outcome.status()).as("%s", outcome).isEqualTo(Status.COMPLETED);
    ModelCard card =
        Json.read(
            Http.get(system.services().cards() + "/cards/" + outcome.runId()).getBytes(UTF_8),
            ModelCard.class);
    assertThat(card.modelName()).isEqualTo("Flow of a project");
    assertThat(card.version()).isEqualTo(outcome.version());
    assertThat(card.pipelineStages())
        .extracting(PipelineStage::stage)
        .containsExactly(
            "data_pipeline", "feature_engineering", "training", "inference", "deployment");
    assertThat(card.pipelineStages())
        .extracting(PipelineStage::persona)
        .containsExactly("POR", "FAR", "ESC", "IOR", "MOS");
    assertThat(card.pipelineStages()).allMatch(stage -> stage.summaryLength() > 40);
    assertThat(card.qualityScore()).isBetween(0.65, 1.0);
    assertThat(card.deploymentStatus()).isEqualTo("production");

    assertThat(Digests.sha256(Json.write(card.evidence()))).isEqualTo(card.evidenceDigest());
    assertThat(Digests.sha256(artifact(outcome))).isEqualTo(card.evidenceDigest());
    List<ConsumerRecord<byte[], byte[]>> published =
        requests.all(Topics.MODEL_CARDS.name()).stream()
            .filter(record -> new String(record.key(), UTF_8).equals(outcome.cardKey()))
            .toList();
    assertThat(published).isNotEmpty();
    ModelCard latest = Json.read(published.get(published.size() - 1).value(), ModelCard.class);
    assertThat(latest.evidenceDigest()).isEqualTo(card.evidenceDigest());
  }

  /** Told on the board, beside how training compares to current data. */
  private void assertDeclaredFeatures(ProjectOutcome outcome) throws Exception {
    String board =
        Http.get(
            system.services().cards()
                + "/board/runs/"
                + outcome.runId()
                + "/specs/feature_engineering/1");
    assertThat(board)
        .contains("Declared by the operator: 3 of them.")
        .contains("yearly income (declared as column, owner finance, tags money)")
        .contains("income over age (declared as ratio, owner finance, counts 3650 days)")
        .contains("entities.income, entities.age")
        .contains("plan as recorded")
        .contains("Training against current data", "240 rows that training sees, against 60");
  }

  /** As the official library judges it. */
  private void assertBill(ProjectOutcome outcome) throws Exception {
    String bill =
        Http.get(system.services().cards() + "/cards/" + outcome.runId() + "?format=cyclonedx");
    assertThat(CycloneDx.violations(bill.getBytes(UTF_8))).isEmpty();
  }

  /** Every hop is a span whose parent is the hop that sent it the record. */
  private void assertOneTrace(ProjectOutcome outcome) {
    TraceReceiver traces = system.traces();
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(traces.ofRun(outcome.runId()))
                    .extracting(Received::name)
                    .contains("run", "deployment", "rollout"));
    List<Received> spans = traces.ofRun(outcome.runId());
    assertThat(spans).extracting(Received::traceId).containsOnly(spans.get(0).traceId());
    Map<String, Received> byId =
        spans.stream().collect(Collectors.toMap(Received::id, Function.identity()));
    List<Received> roots = spans.stream().filter(span -> span.parent().isEmpty()).toList();
    assertThat(roots).extracting(Received::name).containsExactly("run");

    List<String> way = new ArrayList<>();
    Received hop = spans.stream().filter(span -> span.name().equals("deployment")).findAny().get();
    for (; hop != null; hop = byId.get(hop.parent())) {
      way.add(0, hop.service() + " " + hop.attribute("messaging.destination.name"));
    }
    assertThat(way)
        .containsExactly(
            "modelcard-service ",
            "persona-por project.requests.v1",
            "persona-far stage.far.v1",
            "persona-esc stage.esc.v1",
            "persona-esc esc.trials.v1",
            "persona-esc esc.trial-results.v1",
            "gate-service stage.gate.v1",
            "gate-service stage.gca.v1",
            "persona-ior stage.ior.v1",
            "persona-mos stage.mos.v1");
    assertThat(spans).allMatch(span -> span.parent().isEmpty() || byId.containsKey(span.parent()));
    assertThat(spans)
        .filteredOn(span -> span.attribute("messaging.destination.name").equals("stage.esc.v1"))
        .singleElement()
        .satisfies(
            span -> {
              assertThat(span.attribute("handoff.work_ms")).matches("\\d+");
              assertThat(span.attribute("handoff.queue_ms")).matches("\\d+");
              assertThat(span.attribute("handoff.publish_ms")).matches("\\d+");
            });
  }

  private byte[] artifact(ProjectOutcome outcome) throws Exception {
    Backends backends = system.backends();
    S3ArtifactStore store =
        new S3ArtifactStore(
            "handoff",
            backends.objectStore(),
            "us-east-1",
            backends.accessKey(),
            backends.secretKey());
    return store.read(Objects.requireNonNull(outcome.card()));
  }

  private void assertPredictions(ProjectOutcome outcome) throws Exception {
    JsonNode predictions =
        predict(
            """
            {"model": "%s", "records": [
              {"income": 4900, "age": 30, "plan": "basic"},
              {"income": 1100, "age": 30, "plan": "premium"}]}
            """
                .formatted(outcome.modelId()));
    assertThat(predictions).hasSize(2);
    for (JsonNode prediction : predictions) {
      assertThat(prediction.get("version").asString()).isEqualTo(outcome.version());
    }
    // By the way the data was made, a high income on the basic plan leaves and a low one stays.
    assertThat(predictions.get(0).get("probability").asDouble()).isGreaterThan(0.5);
    assertThat(predictions.get(1).get("probability").asDouble()).isLessThan(0.5);

    JsonNode byKey =
        predict("{\"model\": \"%s\", \"entities\": [\"C7\"]}".formatted(outcome.modelId()));
    assertThat(byKey.get(0).get("version").asString()).isEqualTo(outcome.version());
  }

  private JsonNode predict(String question) throws IOException, InterruptedException {
    String answer = Http.post(system.services().predictions() + "/predict", question);
    return Json.tree(answer.getBytes(UTF_8)).get("predictions");
  }

  private static void assertGateStaysShut(ProjectOutcome outcome, Requests requests) {
    Rejection rejection = Objects.requireNonNull(outcome.rejection());
    assertThat(rejection.code()).isEqualTo("GATE_EXHAUSTED");
    assertThat(rejection.stage()).isEqualTo(StageIds.QUALITY_GATE);
    assertThat(rejection.history()).hasSize(3);
    List<Integer> attempts =
        requests.all(Topics.PIPELINE_EVENTS.name()).stream()
            .map(record -> Json.read(record.value(), PipelineEvent.class))
            .filter(GateEvaluated.class::isInstance)
            .map(GateEvaluated.class::cast)
            .filter(event -> event.runId().equals(outcome.runId()))
            .map(GateEvaluated::attempt)
            .toList();
    assertThat(attempts).containsExactly(1, 2, 3);
  }

  private static ProjectOutcome only(
      Map<RequestSource, List<ProjectOutcome>> outcomes, RequestSource request) {
    List<ProjectOutcome> found = outcomes.getOrDefault(request, List.of());
    assertThat(found).hasSize(1);
    return found.get(0);
  }
}
