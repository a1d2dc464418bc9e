package dev.mlhandoff.ior;

import static dev.mlhandoff.ior.RunningIor.json;
import static dev.mlhandoff.ior.RunningIor.route;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mlhandoff.ior.batch.PredictionsDigest;
import dev.mlhandoff.messages.Alert;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.BatchManifest;
import dev.mlhandoff.messages.BatchOrder;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PipelineEvent.BatchScored;
import dev.mlhandoff.messages.RouteTable;
import dev.mlhandoff.messages.RouteTable.Role;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.ml.bundle.Calibrator;
import dev.mlhandoff.ml.bundle.ModelBundle;
import dev.mlhandoff.ml.table.RawTable;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.Digests;
import dev.mlhandoff.runtime.MessagePublisher;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** What serves follows the routes, over the real broker, database and artifact store. */
class ServingFlowTest {

  private static final int ROWS = 1000;

  private static @Nullable RunningIor started;

  @BeforeAll
  static void startService() throws Exception {
    started =
        RunningIor.overPlatform(
            "--handoff.ior.stale-after=1d", "--handoff.ior.batch-part-rows=300");
  }

  @AfterAll
  static void stopService() {
    ior().close();
  }

  @Test
  void servesWhatTheRoutesSayAndKeepsServingWhenARouteCannotBeFollowed() throws Exception {
    ArtifactRef bundle = ior().store(Bundles.ofOneNumber());
    ior().publish("churn", 1, route("1.0.0", Role.STAGED, 0, bundle, "digest"));

    HttpResponse<String> early = predict("churn", "{\"x\":1}");
    assertThat(early.statusCode()).isEqualTo(503);
    assertThat(early.body()).contains("NOT_YET_SERVING");
    assertThat(
            ior()
                .post("/models/churn/versions/1.0.0/predict", "{\"records\":[{\"x\":1}]}")
                .statusCode())
        .isEqualTo(200);

    ior().publish("churn", 2, route("1.0.0", Role.PRODUCTION, 100, bundle, "digest"));
    assertThat(predict("churn", "{\"x\":1}").statusCode()).isEqualTo(200);

    ArtifactRef altered = new ArtifactRef(bundle.uri(), "0".repeat(64), 1, "application/zip");
    ior()
        .bean(MessagePublisher.class)
        .sendNow(
            Topics.SERVING_ROUTES,
            "churn",
            new RouteTable(
                "churn", 3, List.of(route("2.0.0", Role.PRODUCTION, 100, altered, "digest"))));
    ior().publish("other", 1, route("1.0.0", Role.STAGED, 0, bundle, "digest"));
    JsonNode predictions = predictions(predict("churn", "{\"x\":1},{\"x\":39}"));
    assertThat(predictions.get(0).get("version").asString()).isEqualTo("1.0.0");
    assertThat(predictions.get(0).get("probability").asDouble())
        .isLessThan(predictions.get(1).get("probability").asDouble());
  }

  @Test
  void entitiesAreLookedUpAndStaleOnesSaidToBeSo() throws Exception {
    ior().serve("keyed", "1.0.0", Bundles.ofOneNumber());
    JdbcTemplate jdbc = ior().bean(JdbcTemplate.class);
    jdbc.update(
        "INSERT INTO far.online_features VALUES ('keyed', 'digest', 'new', '{\"x\": 30}', now()),"
            + " ('keyed', 'digest', 'old', '{\"x\": 30}', now() - interval '25 hours'),"
            + " ('keyed', 'other', 'elsewhere', '{\"x\": 30}', now())");
    JsonNode predictions = predictions(ask("{\"model\":\"keyed\",\"entities\":[\"new\",\"old\"]}"));
    assertThat(predictions.get(0).get("stale").asBoolean()).isFalse();
    assertThat(predictions.get(1).get("stale").asBoolean()).isTrue();
    assertThat(predictions.get(0).get("probability"))
        .isEqualTo(predictions.get(1).get("probability"));
    assertThat(ask("{\"model\":\"keyed\",\"entities\":[\"elsewhere\"]}").body())
        .contains("UNKNOWN_ENTITY");
  }

  @Test
  void restBatchAndTrainingScoreTheSameRowsToTheSameDigits() throws Exception {
    RawTable table = Bundles.mixed(ROWS);
    int[] labels = Bundles.labels(table);
    List<String> entities = IntStream.range(0, ROWS).mapToObj("C%04d"::formatted).toList();
    for (String family :
        List.of("logistic_regression", "random_forest", "gradient_boosting", "lightgbm")) {
      String model = "same-digits-" + family.replace('_', '-');
      ModelBundle trained =
          Bundles.trained(family, table, labels, new Calibrator(0.8, 0.1), Bundles.FEATURE_DIGEST);
      writeOnline(model, entities, table);
      byte[] bundle = trained.toBytes(table.select(new int[] {0, 1, 2}));
      ior().serve(model, "1.0.0", bundle);
      BatchOrder order = order(model, ior().store(bundle));
      ior().bean(MessagePublisher.class).sendNow(Topics.BATCH_ORDERS, model, order);
      ior().bean(MessagePublisher.class).sendNow(Topics.BATCH_ORDERS, model, order);

      PredictionsDigest training = new PredictionsDigest();
      double[] probabilities = trained.probabilities(table);
      for (int row = 0; row < ROWS; row++) {
        training.add(entities.get(row), probabilities[row], trained.decision(probabilities[row]));
      }
      PredictionsDigest rest = new PredictionsDigest();
      for (JsonNode prediction : predictions(ask(question(model, entities)))) {
        rest.add(
            prediction.get("entity").asString(),
            prediction.get("probability").asDouble(),
            prediction.get("decision").asBoolean());
        assertThat(prediction.get("featureDigest").asString()).isEqualTo(Bundles.FEATURE_DIGEST);
      }
      await().atMost(RunningIor.PATIENCE).until(() -> scored(model).size() == 2);
      BatchScored batch = scored(model).get(0);
      BatchManifest manifest =
          Json.read(ior().bean(ArtifactStore.class).read(batch.manifest()), BatchManifest.class);
      assertThat(manifest.featureDigest()).isEqualTo(Bundles.FEATURE_DIGEST);
      assertThat(manifest.rows()).isEqualTo(ROWS);
      assertThat(manifest.parts()).hasSize(4);
      assertThat(List.of(batch.predictionsDigest(), rest.value()))
          .as(family)
          .containsOnly(training.value());
      assertThat(scored(model).get(1)).as("the second order").isEqualTo(batch);
    }
    assertThat(
            ior()
                .bean(MeterRegistry.class)
                .counter("handoff.batch.rows", "result", "scored")
                .count())
        .as("each order was followed once")
        .isEqualTo(4 * ROWS);
  }

  @Test
  void aBatchThatCannotBeScoredIsTold() throws Exception {
    ArtifactRef nowhere =
        new ArtifactRef(
            ior().bean(ArtifactStore.class).uri("none"), "0".repeat(64), 1, "application/zip");
    ior().bean(MessagePublisher.class).sendNow(Topics.BATCH_ORDERS, "lost", order("lost", nowhere));
    await()
        .atMost(RunningIor.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(ior().read(Topics.ALERTS))
                    .filteredOn(alert -> alert.modelId().equals("lost"))
                    .singleElement()
                    .satisfies(
                        alert -> {
                          assertThat(alert.kind()).isEqualTo(Alert.Kind.BATCH);
                          assertThat(alert.message()).contains("ARTIFACT_MISSING");
                        }));
  }

  private static BatchOrder order(String model, ArtifactRef bundle) {
    // A run for each model: the work is known by run and day.
    String run = "run-" + Digests.sha256(model.getBytes(UTF_8)).substring(0, 16);
    Instant now = Instant.parse("2026-01-05T03:00:00Z");
    return new BatchOrder(
        model, "1.0.0", run, LocalDate.of(2026, 1, 5), bundle, Bundles.FEATURE_DIGEST, "test", now);
  }

  private static void writeOnline(String model, List<String> entities, RawTable table) {
    List<Object[]> rows = new ArrayList<>();
    for (int row = 0; row < entities.size(); row++) {
      String features = new String(Json.write(table.record(row)), UTF_8);
      rows.add(new Object[] {model, Bundles.FEATURE_DIGEST, entities.get(row), features});
    }
    ior()
        .bean(JdbcTemplate.class)
        .batchUpdate("INSERT INTO far.online_features VALUES (?, ?, ?, ?::jsonb, now())", rows);
  }

  private static List<BatchScored> scored(String model) {
    return ior().read(Topics.PIPELINE_EVENTS).stream()
        .filter(BatchScored.class::isInstance)
        .map(BatchScored.class::cast)
        .filter(event -> event.modelId().equals(model))
        .toList();
  }

  private static String question(String model, List<String> entities) {
    return new String(Json.write(Map.of("model", model, "entities", entities)), UTF_8);
  }

  @Test
  void anUpdateOfTheRoutesDropsNoRequest() throws Exception {
    ior().serve("swapped", "1.0.0", Bundles.ofOneNumber());
    AtomicBoolean running = new AtomicBoolean(true);
    List<Integer> statuses = Collections.synchronizedList(new ArrayList<>());
    List<Thread> asking = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Thread thread =
          new Thread(
              () -> {
                while (running.get()) {
                  try {
                    statuses.add(predict("swapped", "{\"x\":1}").statusCode());
                  } catch (IOException | InterruptedException e) {
                    statuses.add(-1);
                  }
                }
              });
      thread.start();
      asking.add(thread);
    }
    ArtifactRef bundle = ior().store(Bundles.ofOneNumber());
    for (int i = 2; i < 40; i++) {
      ior().publish("swapped", i, route(i + ".0.0", Role.PRODUCTION, 100, bundle, "digest"));
    }
    running.set(false);
    for (Thread thread : asking) {
      thread.join();
    }
    assertThat(statuses).isNotEmpty().containsOnly(200);
    assertThat(ior().get("/v2/models/swapped/versions/1.0.0/ready").statusCode())
        .as("a version that no route names is forgotten")
        .isEqualTo(404);
  }

  private static HttpResponse<String> predict(String model, String records)
      throws IOException, InterruptedException {
    return ask("{\"model\":\"%s\",\"records\":[%s]}".formatted(model, records));
  }

  private static HttpResponse<String> ask(String question)
      throws IOException, InterruptedException {
    return ior().post("/predict", question);
  }

  private static JsonNode predictions(HttpResponse<String> response) {
    return json(response).get("predictions");
  }

  private static RunningIor ior() {
    return java.util.Objects.requireNonNull(started);
  }
}
