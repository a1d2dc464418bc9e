package dev.mlhandoff.mos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.ProjectRequest;
import dev.mlhandoff.messages.RouteTable;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topic;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.platform.EmbeddedObjectStore;
import dev.mlhandoff.platform.EmbeddedPlatform;
import dev.mlhandoff.platform.SharedPlatform;
import dev.mlhandoff.platform.TopicPlan;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.Digests;
import dev.mlhandoff.runtime.MessagePublisher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.kafka.core.ConsumerFactory;

/** MOS over a real broker, database and object store. */
final class MosHarness implements AutoCloseable {

  /** Far above what any answer takes on a busy machine. */
  static final int LATENCY_TARGET_MS = 1000;

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final ConfigurableApplicationContext service;
  private final Path folder;

  private MosHarness(ConfigurableApplicationContext service, Path folder) {
    this.service = service;
    this.folder = folder;
  }

  static MosHarness start(FakeInference inference, Path folder, String... settings)
      throws Exception {
    EmbeddedPlatform platform = SharedPlatform.get();
    platform
        .broker()
        .createTopics(
            Topics.all().stream().map(t -> new TopicPlan(t.name(), 1, t.configuration())).toList());
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--spring.config.name=persona-mos",
                "--server.port=0",
                "--spring.kafka.bootstrap-servers=" + platform.broker().bootstrapServers(),
                "--spring.datasource.url=" + platform.database().jdbcUrl(),
                "--handoff.artifacts.endpoint=" + platform.objectStore().endpoint(),
                "--handoff.artifacts.access-key=" + EmbeddedObjectStore.ACCESS_KEY,
                "--handoff.artifacts.secret-key=" + EmbeddedObjectStore.SECRET_KEY,
                "--handoff.work-directory=" + folder,
                "--handoff.mos.inference-url=" + inference.url()));
    arguments.addAll(Arrays.asList(settings));
    return new MosHarness(
        new SpringApplicationBuilder(MosApplication.class).run(arguments.toArray(String[]::new)),
        folder);
  }

  String url() {
    return "http://localhost:" + service.getEnvironment().getRequiredProperty("local.server.port");
  }

  <T> T bean(Class<T> type) {
    return service.getBean(type);
  }

  /** A version whose calibrated probability is its feature x. */
  StageHandoff handoff(String modelId, String version, int rows) throws Exception {
    Path file = Files.createTempFile(folder, "features", ".parquet");
    try (DuckDb database = DuckDb.open(folder)) {
      database.writeParquet(
          "SELECT 'e' || i AS entity_key, 0 AS holdout, 0 AS fold, i / "
              + rows
              + ".0 AS x, CASE WHEN (i * 7919 % 1009) / 1009.0 < x THEN 1 ELSE 0 END AS label"
              + " FROM range("
              + rows
              + ") t(i)",
          file);
    }
    ArtifactStore artifacts = service.getBean(ArtifactStore.class);
    String key = "runs/" + modelId + "-" + version + "/features.parquet";
    artifacts.put(key, file, "application/vnd.apache.parquet");
    ArtifactRef features =
        new ArtifactRef(
            artifacts.uri(key), Digests.sha256(file), Files.size(file), "application/parquet");
    return new StageHandoff(
        "run-" + Digests.sha256((modelId + version).getBytes(UTF_8)).substring(0, 16),
        null,
        1,
        "IOR",
        "MOS",
        StageIds.DEPLOYMENT,
        "Bring this model into production.",
        request(modelId),
        modelId,
        version,
        List.of(
            Deliverable.of(
                StageIds.FEATURE_ENGINEERING, "FAR", 1, "", Map.of("features", features), Map.of()),
            Deliverable.of(
                StageIds.TRAINING, "ESC", 1, "", Map.of("model-bundle", features), Map.of())));
  }

  private static ProjectRequest request(String name) {
    Map<String, Object> request =
        Map.of(
            "name", name,
            "dataset", "customers",
            "target", "churned",
            "deadline", "soon",
            "requirements", Map.of("latencyTargetMs", LATENCY_TARGET_MS));
    return Json.read(Json.write(request), ProjectRequest.class);
  }

  void publish(StageHandoff handoff) {
    service.getBean(MessagePublisher.class).sendNow(Topics.STAGE_MOS, handoff.modelId(), handoff);
  }

  /** Publishes a version and waits for the event that ends its run. */
  List<PipelineEvent> outcomeOf(StageHandoff handoff) {
    publish(handoff);
    return awaitEnd(handoff);
  }

  /** All events of a run, once one of them ends it. */
  List<PipelineEvent> awaitEnd(StageHandoff handoff) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .until(
            () ->
                events(handoff).stream()
                    .anyMatch(
                        event ->
                            event instanceof PipelineEvent.Promoted
                                || event instanceof PipelineEvent.Rejected));
    return events(handoff);
  }

  List<PipelineEvent> events(StageHandoff handoff) {
    return read(Topics.PIPELINE_EVENTS).stream()
        .filter(event -> event.runId().equals(handoff.runId()))
        .toList();
  }

  /** The latest route of a model on the topic. */
  Optional<RouteTable> route(String modelId) {
    return read(Topics.SERVING_ROUTES).stream()
        .filter(table -> table.modelId().equals(modelId))
        .reduce((a, b) -> b.revision() >= a.revision() ? b : a);
  }

  /** Everything that is on a topic now. */
  <T> List<T> read(Topic<T> topic) {
    @SuppressWarnings("unchecked") // the shell's consumers read bytes
    ConsumerFactory<byte[], byte[]> consumers = service.getBean(ConsumerFactory.class);
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

  @Override
  public void close() {
    service.close();
  }
}
