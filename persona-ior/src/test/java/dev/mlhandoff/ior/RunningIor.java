package dev.mlhandoff.ior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.RouteTable;
import dev.mlhandoff.messages.RouteTable.Role;
import dev.mlhandoff.messages.RouteTable.Route;
import dev.mlhandoff.messages.Topic;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.kafka.core.ConsumerFactory;
import tools.jackson.databind.JsonNode;

/** The service over the platform that the tests of this JVM share. */
final class RunningIor implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ConfigurableApplicationContext context;

  private RunningIor(ConfigurableApplicationContext context) {
    this.context = context;
  }

  /** One over the real platform, with the online table in it; ready when this returns. */
  static RunningIor overPlatform(String... settings) throws Exception {
    EmbeddedPlatform platform = SharedPlatform.get();
    platform
        .broker()
        .createTopics(
            Topics.all().stream().map(t -> new TopicPlan(t.name(), 1, t.configuration())).toList());
    RunningIor started =
        start(
            List.of(IorApplication.class),
            List.of(
                "--spring.kafka.bootstrap-servers=" + platform.broker().bootstrapServers(),
                "--spring.datasource.url=" + platform.database().jdbcUrl(),
                "--handoff.artifacts.endpoint=" + platform.objectStore().endpoint(),
                "--handoff.artifacts.access-key=" + EmbeddedObjectStore.ACCESS_KEY,
                "--handoff.artifacts.secret-key=" + EmbeddedObjectStore.SECRET_KEY),
            settings);
    started.createOnlineTable();
    return started;
  }

  /**
   * One without broker and database: neither is there, and its routes are what the test says.
   *
   * @param folder of the artifact store
   */
  static RunningIor alone(Path folder, String... settings) throws Exception {
    return start(
        List.of(IorApplication.class, GivenRoutes.Wiring.class),
        List.of(
            "--spring.kafka.bootstrap-servers=localhost:1",
            "--spring.kafka.listener.auto-startup=false",
            "--logging.level.org.apache.kafka=OFF",
            "--handoff.ior.sampling-rate=0",
            "--spring.datasource.url=jdbc:postgresql://localhost:1/none",
            "--handoff.artifacts.uri=" + folder.toUri()),
        settings);
  }

  private static RunningIor start(
      List<Class<?>> configuration, List<String> platform, String... settings) {
    List<String> arguments =
        new ArrayList<>(List.of("--spring.config.name=persona-ior", "--server.port=0"));
    arguments.addAll(platform);
    arguments.addAll(Arrays.asList(settings));
    RunningIor started =
        new RunningIor(
            new SpringApplicationBuilder(configuration.toArray(Class<?>[]::new))
                .run(arguments.toArray(String[]::new)));
    await()
        .atMost(PATIENCE)
        .until(() -> started.get("/actuator/health/readiness").statusCode() == 200);
    return started;
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  ConfigurableApplicationContext context() {
    return context;
  }

  /** Stores a bundle where routes find it. */
  ArtifactRef store(byte[] bundle) throws IOException {
    Path file = Files.createTempFile("model-bundle", ".zip");
    try {
      Files.write(file, bundle);
      String digest = Digests.sha256(bundle);
      ArtifactStore artifacts = bean(ArtifactStore.class);
      String key = "runs/run-0000000000000001/%s/model-bundle.zip".formatted(digest);
      artifacts.put(key, file, "application/zip");
      return new ArtifactRef(artifacts.uri(key), digest, bundle.length, "application/zip");
    } finally {
      Files.delete(file);
    }
  }

  /** Brings a bundle into production and waits until it answers. */
  void serve(String modelId, String version, byte[] bundle) throws IOException {
    publish(
        modelId, 1, route(version, Role.PRODUCTION, 100, store(bundle), Bundles.FEATURE_DIGEST));
  }

  static Route route(
      String version, Role role, int weight, ArtifactRef bundle, String featureDigest) {
    return new Route(version, "run-0000000000000001", role, weight, bundle, featureDigest);
  }

  /** Publishes a route table and waits until it is followed. */
  void publish(String modelId, long revision, Route... routes) {
    RouteTable table = new RouteTable(modelId, revision, List.of(routes));
    if (context.getBeanNamesForType(GivenRoutes.class).length > 0) {
      bean(GivenRoutes.class).follow(table);
    } else {
      bean(MessagePublisher.class).sendNow(Topics.SERVING_ROUTES, modelId, table);
    }
    await()
        .atMost(PATIENCE)
        .until(() -> json(get("/models")).path(modelId).path("revision").asLong(0) == revision);
  }

  /** Everything that is on a topic now. */
  <T> List<T> read(Topic<T> topic) {
    @SuppressWarnings("unchecked") // the shell's consumers read bytes
    ConsumerFactory<byte[], byte[]> consumers = bean(ConsumerFactory.class);
    List<T> values = new ArrayList<>();
    try (Consumer<byte[], byte[]> consumer = consumers.createConsumer(null, "-test")) {
      List<TopicPartition> partitions = List.of(new TopicPartition(topic.name(), 0));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long end = consumer.endOffsets(partitions).values().iterator().next();
      while (consumer.position(partitions.get(0)) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          values.add(Json.read(record.value(), topic.valueType()));
        }
      }
    }
    return values;
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send("GET", path, HttpRequest.newBuilder(address(path)));
  }

  HttpResponse<String> post(String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address(path))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .header("Content-Type", "application/json");
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send("POST", path, request);
  }

  URI address(String path) {
    return URI.create(
        "http://localhost:"
            + context.getEnvironment().getRequiredProperty("local.server.port")
            + path);
  }

  /** The body of an answer with status 200. */
  static JsonNode json(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return tree(response);
  }

  static JsonNode tree(HttpResponse<String> response) {
    return Json.tree(response.body().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    context.close();
  }

  /** The table is FAR's; these are the columns that are read of it. */
  private void createOnlineTable() {
    JdbcTemplate jdbc = bean(JdbcTemplate.class);
    jdbc.execute("CREATE SCHEMA IF NOT EXISTS far");
    jdbc.execute(
        "CREATE TABLE IF NOT EXISTS far.online_features (view text, digest text, entity_key text,"
            + " features jsonb, written_at timestamptz DEFAULT now(),"
            + " PRIMARY KEY (view, digest, entity_key))");
  }

  private HttpResponse<String> send(String method, String path, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    OpenApiContract.check(method, path, response);
    return response;
  }
}
