package dev.mlhandoff.far;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.store.OfflineTable;
import dev.mlhandoff.messages.Alert;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.FeatureView;
import dev.mlhandoff.messages.FeatureView.Feature;
import dev.mlhandoff.messages.FeatureView.SourceColumn;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.platform.EmbeddedObjectStore;
import dev.mlhandoff.platform.EmbeddedPlatform;
import dev.mlhandoff.platform.SharedPlatform;
import dev.mlhandoff.platform.TopicPlan;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.Digests;
import dev.mlhandoff.runtime.MessagePublisher;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.kafka.core.ConsumerFactory;
import tools.jackson.databind.JsonNode;

/** A view is registered, read as of moments, corrected, and reported to whom it concerns. */
class RegistryFlowTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Instant EVENT = Instant.parse("2025-10-01T00:00:00Z");
  private static final Instant CORRECTED = Instant.parse("2025-10-05T00:00:00Z");

  @TempDir static Path folder;
  private static ConfigurableApplicationContext service =
      new org.springframework.context.support.GenericApplicationContext();

  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeAll
  static void startService() throws Exception {
    EmbeddedPlatform platform = SharedPlatform.get();
    platform
        .broker()
        .createTopics(
            Stream.concat(
                    Topics.all().stream().map(t -> new TopicPlan(t.name(), 1, t.configuration())),
                    Topics.withDeadLetters().stream()
                        .map(t -> new TopicPlan(t.deadLetterName(), 1, t.configuration())))
                .toList());
    service =
        new SpringApplicationBuilder(FarApplication.class)
            .run(
                "--spring.config.name=persona-far",
                "--server.port=0",
                "--spring.kafka.bootstrap-servers=" + platform.broker().bootstrapServers(),
                "--spring.datasource.url=" + platform.database().jdbcUrl(),
                "--handoff.artifacts.endpoint=" + platform.objectStore().endpoint(),
                "--handoff.artifacts.access-key=" + EmbeddedObjectStore.ACCESS_KEY,
                "--handoff.artifacts.secret-key=" + EmbeddedObjectStore.SECRET_KEY,
                "--handoff.work-directory=" + folder);
  }

  @AfterAll
  static void stopService() {
    service.close();
  }

  @Test
  void registersReadsCorrectsAndReports() throws Exception {
    JdbcTemplate jdbc = service.getBean(JdbcTemplate.class);
    FeatureView first = view("1.0.0", EVENT, "count(e.x)", "('a', 1.0), ('b', 2.0)");
    publish(first);
    await().atMost(PATIENCE).until(() -> get("/features/views").body().contains(first.key()));
    jdbc.update(
        "INSERT INTO far.online_imports VALUES ('reader', 'd', 0, '1.2.0', 'shop', 'history',"
            + " '1.0.0', 'd', '{}')");

    FeatureView second = view("2.0.0", CORRECTED, "count(DISTINCT e.x)", "('a', 10.0)");
    publish(second);
    // Delivered again, it is neither entered nor reported twice.
    publish(second);
    await().atMost(PATIENCE).until(() -> versions().size() == 2);
    assertThat(versions().get(0).path("version").asString()).isEqualTo("2.0.0");
    assertThat(get("/features/views/shop/history/1.0.0").body())
        .isEqualTo(new String(Json.write(first), UTF_8));
    assertThat(get("/features/views/shop/history/9.0.0").statusCode()).isEqualTo(404);

    assertThat(values("a", "2025-09-30T23:59:59Z", "")).isEqualTo("null");
    assertThat(values("a", "2025-10-01T00:00:00Z", "")).isEqualTo("1.0");
    assertThat(values("a", "2025-10-04T23:59:59Z", "")).isEqualTo("1.0");
    assertThat(values("a", "2025-10-05T00:00:00Z", "")).isEqualTo("10.0");
    assertThat(values("b", "2025-10-06T00:00:00Z", "")).isEqualTo("2.0");
    assertThat(values("b", "2025-10-06T00:00:00Z", ", \"version\": \"2.0.0\"")).isEqualTo("null");
    // The time to live is 30 days.
    assertThat(values("b", "2025-10-31T00:00:00Z", "")).isEqualTo("2.0");
    assertThat(values("b", "2025-10-31T00:00:01Z", "")).isEqualTo("null");
    assertThat(post("{\"pairs\": []}").statusCode()).isEqualTo(400);
    assertThat(post("[").statusCode()).isEqualTo(400);

    String page = page("/features/views/shop/history/2.0.0");
    assertThat(page).contains("count(DISTINCT e.x)", "30 days", "file &lt;b&gt;.csv: x");
    assertThat(page("/features/views")).contains("/features/views/shop/history/2.0.0");

    await().atMost(PATIENCE).until(() -> !alerts().isEmpty());
    publish(view("3.0.0", CORRECTED, "count(DISTINCT e.x)", "('a', 10.0)"));
    await().atMost(PATIENCE).until(() -> versions().size() == 3);
    await().atMost(PATIENCE).until(() -> alerts().size() >= 2);
    assertThat(alerts())
        .extracting(Alert::alertId)
        .containsOnly(
            "reader/1.2.0/FEATURE_VIEW/shop/history/2.0.0",
            "reader/1.2.0/FEATURE_VIEW/shop/history/3.0.0");
    assertThat(alerts().get(0).modelId()).isEqualTo("reader");
    assertThat(alerts().get(0).statistics())
        .containsEntry("features_redefined", 1.0)
        .containsEntry("features_gone", 0.0);

    jdbc.update("DELETE FROM far.feature_views");
    service.getBean(RegistryRebuild.class).run(new DefaultApplicationArguments());
    assertThat(versions()).hasSize(3);
  }

  private static List<Alert> alerts() {
    @SuppressWarnings("unchecked") // the service's consumers read bytes
    ConsumerFactory<byte[], byte[]> consumers = service.getBean(ConsumerFactory.class);
    try (var consumer = consumers.createConsumer("alerts-" + System.nanoTime(), "")) {
      var partition = new org.apache.kafka.common.TopicPartition(Topics.ALERTS.name(), 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      List<Alert> alerts = new java.util.ArrayList<>();
      while (consumer.position(partition) < end) {
        consumer
            .poll(Duration.ofMillis(100))
            .forEach(record -> alerts.add(Json.read(record.value(), Alert.class)));
      }
      return alerts;
    }
  }

  private static void publish(FeatureView view) {
    service.getBean(MessagePublisher.class).sendNow(Topics.FEATURE_VIEWS, view.key(), view);
  }

  private static FeatureView view(String version, Instant knownTime, String definition, String rows)
      throws Exception {
    Path file = folder.resolve(version + ".parquet");
    try (DuckDb database = DuckDb.open(folder)) {
      database.execute(
          "CREATE TABLE features AS SELECT entity_key, n::DOUBLE AS n FROM (VALUES "
              + rows
              + ") t(entity_key, n)");
      OfflineTable.write(database, "features", List.of("n"), EVENT, knownTime, file);
    }
    ArtifactStore store = service.getBean(ArtifactStore.class);
    String key = "feature-views/shop/history/" + version + ".parquet";
    store.put(key, file, "application/vnd.apache.parquet");
    String digest = Digests.sha256(file);
    ArtifactRef ref =
        new ArtifactRef(store.uri(key), digest, Files.size(file), "application/vnd.apache.parquet");
    return new FeatureView(
        "shop",
        "history",
        version,
        "run-000000000000000" + version.charAt(0),
        "shop",
        "customer",
        List.of(
            new Feature(
                "n",
                "NUMERIC",
                "how many",
                definition,
                List.of("events.x"),
                List.of(new SourceColumn("file <b>.csv", "x")),
                30)),
        null,
        List.of(),
        30,
        EVENT,
        knownTime,
        digest,
        digest,
        ref,
        ref);
  }

  private JsonNode versions() throws Exception {
    HttpResponse<String> response = get("/features/views/shop/history");
    return response.statusCode() == 200
        ? Json.tree(response.body().getBytes(UTF_8))
        : Json.mapper().createArrayNode();
  }

  /** The value of n, as JSON. */
  private String values(String entity, String at, String more) throws Exception {
    HttpResponse<String> response =
        post(
            "{\"pairs\": [{\"entity\": \"%s\", \"at\": \"%s\"}], \"features\": [\"n\"]%s}"
                .formatted(entity, at, more));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return Json.tree(response.body().getBytes(UTF_8)).get(0).path("values").path("n").toString();
  }

  private HttpResponse<String> post(String body) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(address("/features/views/shop/history/values"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(address(path)).header("Accept", "application/json").build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private String page(String path) throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(address(path)).header("Accept", "text/html").build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static URI address(String path) {
    return URI.create(
        "http://localhost:" + service.getEnvironment().getProperty("local.server.port") + path);
  }
}
