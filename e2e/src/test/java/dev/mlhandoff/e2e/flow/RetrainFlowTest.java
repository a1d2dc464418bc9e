package dev.mlhandoff.e2e.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mlhandoff.cli.Backends;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ModelCard;
import dev.mlhandoff.messages.PredictionLabel;
import dev.mlhandoff.messages.ProjectOutcome;
import dev.mlhandoff.messages.ProjectOutcome.Status;
import dev.mlhandoff.messages.RequestSource;
import dev.mlhandoff.messages.Topics;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** From predictions on drifted data and their true outcomes to the next minor version. */
class RetrainFlowTest {

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final String MODEL = "flow-of-a-retrain";
  private static final String REQUEST =
      """
      {"name": "Flow of a retrain", "dataset": "good", "target": "churned", "deadline": "Sprint 44",
       "requirements": {"latencyTargetMs": 10000, "models": ["logistic_regression", "gradient_boosting"]},
       "rollout": {"steps": [100]}, "correlationId": "retrain-flow"}
      """;

  /** The income is told in another currency: a tenfold number means the same customer. */
  private static final double EXCHANGE = 10;

  private static final int PREDICTIONS = 1500;
  private static final int BATCH = 250;

  private final FlowSystem system = FlowSystem.get();

  @TempDir private Path folder;

  private final Random random = new Random(11);

  @Test
  void driftedPredictionsAndTheirOutcomesBecomeTheNextMinorVersionWithACardThatNamesTheFirst()
      throws Exception {
    ProjectOutcome first = firstVersion();
    assertThat(first.version()).isEqualTo("1.0.0");
    sendDriftedTraffic();
    awaitFeedback();

    String runId = retrain();
    JsonNode run = awaitEnd(runId);

    assertThat(run.path("outcome").path("status").asString()).as("%s", run).isEqualTo("COMPLETED");
    assertThat(run.path("parentRunId").asString()).isEqualTo(first.runId());
    assertThat(run.path("outcome").path("correlationId").asString("")).isEmpty();
    assertCards();
    Command.verify(MODEL + "/1.1.0", system, folder);
    JsonNode byKey =
        json(
            Http.post(
                system.services().predictions() + "/predict",
                "{\"model\": \"" + MODEL + "\", \"entities\": [\"C7\"]}"));
    assertThat(byKey.path("predictions").path(0).path("version").asString()).isEqualTo("1.1.0");
  }

  private ProjectOutcome firstVersion() throws Exception {
    try (Requests requests = new Requests(system.backends().broker())) {
      RequestSource source = requests.publish(null, REQUEST.getBytes(UTF_8), List.of());
      ProjectOutcome outcome =
          requests.await(List.of(source), PATIENCE).getOrDefault(source, List.of()).get(0);
      assertThat(outcome.status()).as("%s", outcome).isEqualTo(Status.COMPLETED);
      return outcome;
    }
  }

  private void sendDriftedTraffic() throws Exception {
    Properties client = new Properties();
    client.put("bootstrap.servers", system.backends().broker());
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      List<Future<RecordMetadata>> labels = new ArrayList<>();
      for (int sent = 0; sent < PREDICTIONS; sent += BATCH) {
        List<Boolean> outcomes = new ArrayList<>();
        List<Map<String, Object>> records = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
          records.add(customer(outcomes));
        }
        String question = new String(Json.write(Map.of("model", MODEL, "records", records)), UTF_8);
        JsonNode answers =
            json(Http.post(system.services().predictions() + "/predict", question))
                .path("predictions");
        for (int i = 0; i < BATCH; i++) {
          String id = answers.path(i).path("predictionId").asString();
          labels.add(
              producer.send(
                  new ProducerRecord<>(
                      Topics.PREDICTION_LABELS.name(),
                      id.getBytes(UTF_8),
                      Json.write(new PredictionLabel(id, outcomes.get(i), null)))));
        }
      }
      for (Future<RecordMetadata> label : labels) {
        label.get();
      }
    }
  }

  /** A retrain takes what monitoring has read by then. */
  private void awaitFeedback() throws Exception {
    Backends backends = system.backends();
    try (Connection connection =
            DriverManager.getConnection(
                backends.database(), backends.databaseUser(), backends.databasePassword());
        PreparedStatement labelled =
            connection.prepareStatement(
                "SELECT count(*) FROM mos.predictions WHERE model_id = ? AND labelled IS NOT NULL")) {
      labelled.setString(1, MODEL);
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                try (ResultSet count = labelled.executeQuery()) {
                  return count.next() && count.getInt(1) == PREDICTIONS;
                }
              });
    }
  }

  /** As the dataset was made, but for the currency. */
  private Map<String, Object> customer(List<Boolean> outcomes) {
    double income = 1000 + 4000 * random.nextDouble();
    String plan = List.of("basic", "plus", "premium").get(random.nextInt(3));
    double tendency =
        (income - 3000) / 900 + (plan.equals("premium") ? -1.5 : 0.5) + random.nextGaussian();
    outcomes.add(tendency > 0);
    Map<String, Object> record = new HashMap<>();
    record.put("income", EXCHANGE * income);
    record.put("age", 20.0 + random.nextInt(50));
    record.put("plan", plan);
    return record;
  }

  private String retrain() throws Exception {
    JsonNode order =
        json(
            Http.post(
                system.services().rollouts() + "/models/" + MODEL + "/retrain",
                "{\"by\": \"operations\", \"reason\": \"the currency changed\"}"));
    return order.path("runId").asString();
  }

  private JsonNode awaitEnd(String runId) {
    String address = system.services().cards() + "/runs";
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () ->
                json(Http.get(address)).valueStream().anyMatch(run -> has(run, runId))
                    && json(Http.get(address + "/" + runId)).path("outcome").isObject());
    return json(get(address + "/" + runId));
  }

  private static boolean has(JsonNode run, String runId) {
    return run.path("runId").asString("").equals(runId);
  }

  private void assertCards() {
    String address = system.services().cards() + "/cards/" + MODEL + "/";
    ModelCard second = Json.read(get(address + "1.1.0").getBytes(UTF_8), ModelCard.class);
    assertThat(second.deploymentStatus()).isEqualTo("production");
    assertThat(second.pipelineStages()).hasSize(5);
    JsonNode evidence = Json.tree(Json.write(second.evidence()));
    JsonNode retraining = evidence.path("retraining");
    assertThat(retraining.path("parent_card").asString()).isEqualTo(MODEL + "/1.0.0");
    assertThat(retraining.path("reason").asString()).contains("the currency changed");
    JsonNode rows = retraining.path("rows");
    assertThat(rows.path("rows_later_than_parent").asInt())
        .isEqualTo(rows.path("feedback_rows").asInt() + rows.path("holdout").asInt())
        .isEqualTo(PREDICTIONS);
    JsonNode comparison = retraining.path("champion_and_challenger");
    assertThat(comparison.path("rows").asInt()).isEqualTo(rows.path("holdout").asInt());
    assertThat(comparison.path("challenger").asDouble())
        .isGreaterThan(comparison.path("champion").asDouble());
    assertThat(comparison.path("lower").asDouble()).isGreaterThan(0);

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(
                        json(get(address + "1.0.0"))
                            .path("status")
                            .path("superseded_by")
                            .path("version")
                            .asString(""))
                    .isEqualTo("1.1.0"));
    JsonNode first = json(get(address + "1.0.0"));
    assertThat(first.path("deployment_status").asString()).isEqualTo("superseded");
    assertThat(first.path("status").path("superseded_by").path("reason").asString())
        .contains("the currency changed");
    assertThat(dataset(evidence)).isNotEqualTo(dataset(first.path("evidence")));
  }

  private static String dataset(JsonNode evidence) {
    return evidence.path("training_data").path("evidence_sha256").path("dataset").asString();
  }

  private static String get(String address) {
    try {
      return Http.get(address);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode json(String text) {
    return Json.tree(text.getBytes(UTF_8));
  }
}
