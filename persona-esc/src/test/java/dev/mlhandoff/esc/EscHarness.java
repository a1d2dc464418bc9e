package dev.mlhandoff.esc;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.ProjectRequests;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** ESC over a real broker, database and object store. */
final class EscHarness implements AutoCloseable {

  private final EmbeddedPlatform platform;
  private final ConfigurableApplicationContext service;
  private final Path folder;

  private EscHarness(
      EmbeddedPlatform platform, ConfigurableApplicationContext service, Path folder) {
    this.platform = platform;
    this.service = service;
    this.folder = folder;
  }

  static EscHarness start(Path folder, Clock clock) throws Exception {
    EmbeddedPlatform platform = SharedPlatform.get();
    createTopics(platform);
    ApplicationContextInitializer<GenericApplicationContext> withClock =
        context -> context.registerBean("clock", Clock.class, () -> clock);
    return new EscHarness(
        platform,
        new SpringApplicationBuilder(EscApplication.class)
            .initializers(withClock)
            .run(
                "--spring.config.name=persona-esc",
                "--server.port=0",
                "--spring.kafka.bootstrap-servers=" + platform.broker().bootstrapServers(),
                "--spring.datasource.url=" + platform.database().jdbcUrl(),
                "--handoff.artifacts.endpoint=" + platform.objectStore().endpoint(),
                "--handoff.artifacts.access-key=" + EmbeddedObjectStore.ACCESS_KEY,
                "--handoff.artifacts.secret-key=" + EmbeddedObjectStore.SECRET_KEY,
                "--handoff.work-directory=" + folder),
        folder);
  }

  /** All topics as in production: trials are sent to partitions by their number. */
  static void createTopics(EmbeddedPlatform platform) throws Exception {
    List<TopicPlan> topics = new ArrayList<>();
    Topics.all()
        .forEach(t -> topics.add(new TopicPlan(t.name(), Topics.PARTITIONS, t.configuration())));
    Topics.withDeadLetters()
        .forEach(t -> topics.add(new TopicPlan(t.deadLetterName(), Topics.PARTITIONS, Map.of())));
    platform.broker().createTopics(topics);
  }

  /**
   * Hands features to ESC as FAR would.
   *
   * @param request fields of the request beside the ones that every request has
   * @param columns SQL of the candidate columns over i, the number of the row
   * @param earlier what earlier attempts delivered
   */
  void submit(String runId, int attempt, String request, String columns, Deliverable... earlier)
      throws Exception {
    List<Deliverable> deliverables = new ArrayList<>();
    deliverables.add(
        Deliverable.of(
            StageIds.FEATURE_ENGINEERING,
            "FAR",
            1,
            "Features.",
            Map.of("features", features(runId, columns)),
            Map.of()));
    deliverables.addAll(List.of(earlier));
    StageHandoff handoff =
        new StageHandoff(
            runId,
            null,
            attempt,
            "FAR",
            "ESC",
            StageIds.TRAINING,
            "Train.",
            ProjectRequests.parse(
                ("{\"name\": \"Flow\", \"dataset\": \"d\", \"target\": \"t\", \"deadline\": \"none\", "
                        + request
                        + "}")
                    .getBytes(UTF_8)),
            "flow",
            "1.0.0",
            deliverables);
    service.getBean(MessagePublisher.class).sendNow(Topics.STAGE_ESC, runId, handoff);
  }

  /** 300 rows in three folds; the label follows the sum of a and b, with some noise. */
  private ArtifactRef features(String runId, String columns) throws Exception {
    Path file = folder.resolve(runId + ".parquet");
    try (DuckDb database = DuckDb.open(folder)) {
      database.writeParquet(
          "SELECT lpad(i::VARCHAR, 4, '0') AS entity_key, CASE WHEN "
              + "hash(i * 11) % 1000 + hash(i * 13) % 1000 > 600 + hash(i * 7) % 800 THEN 1 ELSE 0"
              + " END AS label, false AS holdout, (i % 3)::INTEGER AS fold, "
              + columns
              + " FROM range(300) t(i) ORDER BY entity_key",
          file);
    }
    return write("runs/" + runId + "/features.parquet", Files.readAllBytes(file));
  }

  ArtifactRef write(String key, byte[] content) throws IOException {
    ArtifactStore artifacts = artifacts();
    artifacts.put(
        key,
        Files.write(Files.createTempFile(folder, "artifact", ".tmp"), content),
        "application/octet-stream");
    return new ArtifactRef(
        artifacts.uri(key), Digests.sha256(content), content.length, "application/octet-stream");
  }

  /** Lets it look as if a trial had taken its worker down three times. */
  void crashed(String runId, int attempt, String trial) throws IOException {
    for (int start = 1; start <= 3; start++) {
      artifacts()
          .putIfAbsent(
              "runs/%s/trial/%d/%s/starts/%d".formatted(runId, attempt, trial, start),
              new byte[0],
              "application/octet-stream");
    }
  }

  /** Takes back what waits for a tracking server, some of it until an hour that is not yet. */
  void stopTracking() {
    service.getBean(JdbcTemplate.class).update("DELETE FROM esc.tracking");
  }

  int results(String runId) {
    Integer count =
        service
            .getBean(JdbcTemplate.class)
            .queryForObject(
                "SELECT count(*) FROM esc.trial_results WHERE run_id = ?", Integer.class, runId);
    return count == null ? 0 : count;
  }

  List<StageHandoff> handedOver(String runId) {
    return read(Topics.STAGE_GATE).stream().filter(h -> h.runId().equals(runId)).toList();
  }

  List<PipelineEvent> events(String runId) {
    return read(Topics.PIPELINE_EVENTS).stream().filter(e -> e.runId().equals(runId)).toList();
  }

  ArtifactStore artifacts() {
    return service.getBean(ArtifactStore.class);
  }

  private <T> List<T> read(Topic<T> topic) {
    List<T> found = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                platform.broker().bootstrapServers(),
                "isolation.level",
                "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic.name()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(record -> found.add(Json.read(record.value(), topic.valueType())));
      }
    }
    return found;
  }

  @Override
  public void close() {
    service.close();
  }
}
