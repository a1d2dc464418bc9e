package dev.mlhandoff.e2e.governance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.cli.Backends;
import dev.mlhandoff.cli.ContractTopics;
import dev.mlhandoff.cli.Services;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.Topic;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.platform.EmbeddedDatabase;
import dev.mlhandoff.platform.EmbeddedObjectStore;
import dev.mlhandoff.platform.EmbeddedPlatform;
import dev.mlhandoff.platform.PlatformOptions;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.Digests;
import dev.mlhandoff.runtime.RunIds;
import dev.mlhandoff.runtime.S3ArtifactStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/** The whole chain over a platform of its own, with everything that was said on its topics. */
final class Chain implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final EmbeddedPlatform platform;
  private final Backends backends;
  private final Path folder;
  private final Path catalog;
  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
  private Services services;

  Chain(Path folder) throws Exception {
    this.folder = folder;
    platform = EmbeddedPlatform.start(PlatformOptions.forTests(folder.resolve("platform")));
    backends =
        new Backends(
            platform.broker().bootstrapServers(),
            platform.database().jdbcUrl(),
            EmbeddedDatabase.USER,
            EmbeddedDatabase.PASSWORD,
            platform.objectStore().endpoint(),
            EmbeddedObjectStore.ACCESS_KEY,
            EmbeddedObjectStore.SECRET_KEY);
    ContractTopics.createMissing(backends.broker());
    catalog = People.write(folder);
    Map<String, Object> client = new HashMap<>();
    client.put("bootstrap.servers", backends.broker());
    client.put("isolation.level", "read_committed");
    producer = new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
    consumer =
        new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        Topics.all().stream()
            .flatMap(topic -> consumer.partitionsFor(topic.name()).stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    services = start();
  }

  /** Publishes a request and answers its run. */
  String request(String dataset) throws Exception {
    String request =
        """
        {"name": "Loan %s", "dataset": "%s", "target": "repaid", "deadline": "Sprint 44",
         "requirements": {"models": ["logistic_regression"], "latencyTargetMs": 5000},
         "rollout": {"steps": [100]}}
        """
            .formatted(dataset, dataset);
    RecordMetadata place = send(Topics.PROJECT_REQUESTS, "request-" + dataset, request);
    return RunIds.of(place.topic(), place.partition(), place.offset(), place.timestamp());
  }

  RecordMetadata send(Topic<?> topic, String key, Object value) throws Exception {
    byte[] content = value instanceof String text ? text.getBytes(UTF_8) : Json.write(value);
    return producer.send(new ProducerRecord<>(topic.name(), key.getBytes(UTF_8), content)).get();
  }

  /** Waits for an event of a run. */
  <E extends PipelineEvent> E await(String runId, Class<E> type) {
    return await(runId, type, event -> true);
  }

  /** Waits for an event of a run that fits. */
  <E extends PipelineEvent> E await(String runId, Class<E> type, Predicate<E> fits) {
    Instant end = Instant.now().plus(PATIENCE);
    while (true) {
      for (PipelineEvent event : events(runId)) {
        if (type.isInstance(event) && fits.test(type.cast(event))) {
          return type.cast(event);
        }
      }
      assertThat(Instant.now())
          .as("no %s of %s among %s", type.getSimpleName(), runId, events(runId))
          .isBefore(end);
      poll();
    }
  }

  /** Everything said so far about a run. */
  List<PipelineEvent> events(String runId) {
    return values(Topics.PIPELINE_EVENTS, runId);
  }

  /** Every value of a topic under a run's key. */
  <T> List<T> values(Topic<T> topic, String runId) {
    return records.stream()
        .filter(record -> record.topic().equals(topic.name()))
        .filter(record -> new String(record.key(), UTF_8).equals(runId))
        .map(record -> Json.read(record.value(), topic.valueType()))
        .toList();
  }

  /** Waits until a run has an outcome and answers all of them. */
  <T> List<T> awaitValues(Topic<T> topic, String runId) {
    Instant end = Instant.now().plus(PATIENCE);
    while (values(topic, runId).isEmpty()) {
      assertThat(Instant.now()).as("nothing of %s on %s", runId, topic.name()).isBefore(end);
      poll();
    }
    return values(topic, runId);
  }

  void poll() {
    consumer.poll(Duration.ofMillis(200)).forEach(records::add);
  }

  /** Stops all services and starts them again; the gates find all of their records once more. */
  void restartAndRedeliverToTheGates() throws Exception {
    services.close();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", (Object) backends.broker()))) {
      Map<TopicPartition, OffsetAndMetadata> beginning = new HashMap<>();
      admin
          .listConsumerGroupOffsets("gate-service")
          .partitionsToOffsetAndMetadata()
          .get()
          .keySet()
          .forEach(partition -> beginning.put(partition, new OffsetAndMetadata(0)));
      admin.alterConsumerGroupOffsets("gate-service", beginning).all().get();
    }
    services = start();
    awaitGates();
  }

  /** Waits until the gates have worked on everything there is. */
  private void awaitGates() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", (Object) backends.broker()))) {
      Awaitility.await("the gates to have worked on everything")
          .pollInSameThread()
          .atMost(PATIENCE)
          .until(() -> gatesAreDone(admin));
    }
    for (int i = 0; i < 5; i++) {
      poll();
    }
  }

  private boolean gatesAreDone(Admin admin) throws Exception {
    Map<TopicPartition, OffsetAndMetadata> done =
        admin.listConsumerGroupOffsets("gate-service").partitionsToOffsetAndMetadata().get();
    Map<TopicPartition, Long> ends = consumer.endOffsets(done.keySet());
    // The end of a transaction takes an offset too, so that a reader may stand one behind.
    return done.entrySet().stream()
        .allMatch(e -> e.getValue().offset() >= ends.getOrDefault(e.getKey(), 0L) - 1);
  }

  /** The same handoff for another run. */
  static StageHandoff as(String runId, StageHandoff handoff) {
    return new StageHandoff(
        runId,
        null,
        handoff.attempt(),
        handoff.sender(),
        handoff.receiver(),
        handoff.phase(),
        handoff.content(),
        handoff.request(),
        handoff.modelId(),
        handoff.version(),
        handoff.deliverables());
  }

  /** The same handoff with another artifact in a role. */
  static StageHandoff with(StageHandoff handoff, String stage, String role, ArtifactRef ref) {
    List<Deliverable> changed = new ArrayList<>();
    for (Deliverable deliverable : handoff.deliverables()) {
      Map<String, ArtifactRef> artifacts = new TreeMap<>(deliverable.artifacts());
      if (deliverable.stage().equals(stage)) {
        artifacts.put(role, ref);
      }
      changed.add(
          Deliverable.of(
              deliverable.stage(),
              deliverable.persona(),
              deliverable.attempt(),
              deliverable.summary(),
              artifacts,
              deliverable.metrics()));
    }
    return new StageHandoff(
        handoff.runId(),
        null,
        handoff.attempt(),
        handoff.sender(),
        handoff.receiver(),
        handoff.phase(),
        handoff.content(),
        handoff.request(),
        handoff.modelId(),
        handoff.version(),
        changed);
  }

  byte[] read(ArtifactRef ref) throws Exception {
    return store().read(ref);
  }

  /** Stores content under its true digest. */
  ArtifactRef write(String key, byte[] content, String mediaType) throws IOException {
    Path file = Files.write(folder.resolve("artifact.tmp"), content);
    ArtifactStore store = store();
    store.put(key, file, mediaType);
    return new ArtifactRef(store.uri(key), Digests.sha256(content), content.length, mediaType);
  }

  /** Lets the time of a parked run be over. */
  void expire(String runId) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                backends.database(), backends.databaseUser(), backends.databasePassword());
        PreparedStatement statement =
            connection.prepareStatement(
                "UPDATE gate.parked_runs SET expires_at = now() - interval '1 second' WHERE run_id"
                    + " = ?")) {
      statement.setString(1, runId);
      assertThat(statement.executeUpdate()).isEqualTo(1);
    }
  }

  String cards() {
    return services.cards();
  }

  @Override
  public void close() throws IOException {
    producer.close();
    consumer.close();
    services.close();
    platform.close();
  }

  private Services start() {
    return Services.start(
        backends, catalog, folder.resolve("work"), Services.claimPorts(0), Map.of(), line -> {});
  }

  private ArtifactStore store() {
    return new S3ArtifactStore(
        EmbeddedPlatform.BUCKET,
        backends.objectStore(),
        "us-east-1",
        backends.accessKey(),
        backends.secretKey());
  }
}
