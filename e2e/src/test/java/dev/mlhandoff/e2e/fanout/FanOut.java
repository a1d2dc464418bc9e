package dev.mlhandoff.e2e.fanout;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ProjectRequests;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.messages.TrialResult;
import dev.mlhandoff.platform.EmbeddedObjectStore;
import dev.mlhandoff.platform.EmbeddedPlatform;
import dev.mlhandoff.platform.TopicPlan;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.Digests;
import dev.mlhandoff.runtime.S3ArtifactStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/** Hands features to ESC as FAR would, and looks at what comes of it. */
final class FanOut implements AutoCloseable {

  /** Trials of each run. */
  static final int TRIALS = 30;

  private static final Duration STARTED_WITHIN = Duration.ofMinutes(3);
  private static final String TRIALS_GROUP = "persona-esc-trials";

  private final EmbeddedPlatform platform;
  private final ArtifactStore artifacts;
  private final ArtifactRef features;
  private final Connection database;

  FanOut(EmbeddedPlatform platform, Path folder, int rows) throws Exception {
    this.platform = platform;
    this.artifacts =
        new S3ArtifactStore(
            EmbeddedPlatform.BUCKET,
            platform.objectStore().endpoint(),
            "us-east-1",
            EmbeddedObjectStore.ACCESS_KEY,
            EmbeddedObjectStore.SECRET_KEY);
    this.database = DriverManager.getConnection(platform.database().jdbcUrl(), "postgres", "");
    List<TopicPlan> topics = new ArrayList<>();
    Topics.all()
        .forEach(t -> topics.add(new TopicPlan(t.name(), Topics.PARTITIONS, t.configuration())));
    Topics.withDeadLetters()
        .forEach(t -> topics.add(new TopicPlan(t.deadLetterName(), Topics.PARTITIONS, Map.of())));
    platform.broker().createTopics(topics);
    this.features = features(folder, rows);
  }

  /** Features whose first three columns decide the label together; the last column is noise. */
  private ArtifactRef features(Path folder, int rows) throws Exception {
    Path file = folder.resolve("features.parquet");
    try (DuckDb duckdb = DuckDb.open(folder)) {
      duckdb.execute(
          "CREATE TABLE features AS SELECT 'C' || lpad(i::VARCHAR, 6, '0') AS entity_key,"
              + " CASE WHEN a * b + c > 0.3 * (hash(i * 7) % 1000 / 500.0 - 1) THEN 1 ELSE 0 END"
              + " AS label, false AS holdout, (i % 5)::INTEGER AS fold, a, b, c, d"
              + " FROM (SELECT i, hash(i * 11) % 1000 / 500.0 - 1 AS a, hash(i * 13) % 1000 / 500.0"
              + " - 1 AS b, hash(i * 17) % 1000 / 500.0 - 1 AS c, hash(i * 19) % 1000 / 500.0 - 1"
              + " AS d FROM range("
              + rows
              + ") t(i)) x");
      duckdb.writeParquet("SELECT * FROM features ORDER BY entity_key", file);
    }
    artifacts.put("fan-out/features.parquet", file, "application/vnd.apache.parquet");
    return new ArtifactRef(
        artifacts.uri("fan-out/features.parquet"),
        Digests.sha256(file),
        Files.size(file),
        "application/vnd.apache.parquet");
  }

  /** Waits until so many replicas share the trials. */
  void awaitReplicas(int replicas) {
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", platform.broker().bootstrapServers()))) {
      Awaitility.await(replicas + " replicas")
          .atMost(STARTED_WITHIN)
          // The group does not exist before its first member.
          .ignoreException(ExecutionException.class)
          .until(() -> replicas(admin) == replicas);
    }
  }

  private static long replicas(Admin admin) throws Exception {
    return admin.describeConsumerGroups(List.of(TRIALS_GROUP)).all().get().values().stream()
        .flatMap(group -> group.members().stream())
        .filter(member -> !member.assignment().topicPartitions().isEmpty())
        .count();
  }

  /**
   * Publishes a handoff to ESC that searches two rounds of three families on five folds, however
   * long it takes.
   */
  void submit(String runId) throws Exception {
    String request =
        """
        {"name": "Fan-out", "dataset": "d", "target": "t", "deadline": "none",
         "tuning": "always", "tuningBudget": {"trials": 15, "seconds": 86400}}
        """;
    StageHandoff handoff =
        new StageHandoff(
            runId,
            null,
            1,
            "FAR",
            "ESC",
            StageIds.TRAINING,
            "Train.",
            ProjectRequests.parse(request.getBytes(StandardCharsets.UTF_8)),
            "fan-out",
            "1.0.0",
            List.of(
                Deliverable.of(
                    StageIds.FEATURE_ENGINEERING,
                    "FAR",
                    1,
                    "Features.",
                    Map.of("features", features),
                    Map.of())));
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", platform.broker().bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  Topics.STAGE_ESC.name(),
                  runId.getBytes(StandardCharsets.UTF_8),
                  Json.write(handoff)))
          .get();
    }
  }

  /** The results in the table, by trial. */
  Map<String, TrialResult> results(String runId) throws Exception {
    Map<String, TrialResult> results = new TreeMap<>();
    try (PreparedStatement query =
        database.prepareStatement(
            "SELECT trial_id, result::text FROM esc.trial_results WHERE run_id = ?")) {
      query.setString(1, runId);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          results.put(
              rows.getString(1),
              Json.read(rows.getString(2).getBytes(StandardCharsets.UTF_8), TrialResult.class));
        }
      }
    }
    return results;
  }

  /** How many results are in the table; 0 before there is one. */
  int resultCount(String runId) throws Exception {
    try (PreparedStatement query =
        database.prepareStatement("SELECT count(*) FROM esc.trial_results WHERE run_id = ?")) {
      query.setString(1, runId);
      try (ResultSet rows = query.executeQuery()) {
        return rows.next() ? rows.getInt(1) : 0;
      }
    }
  }

  /** Every committed handoff of the run to the gate, waiting for the first. */
  List<StageHandoff> handedOver(String runId, Duration patience) {
    List<StageHandoff> found = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                platform.broker().bootstrapServers(),
                "isolation.level",
                "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = new ArrayList<>();
      for (int i = 0; i < Topics.PARTITIONS; i++) {
        partitions.add(new TopicPartition(Topics.STAGE_GATE.name(), i));
      }
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long end = System.nanoTime() + patience.toNanos();
      while (System.nanoTime() < end) {
        boolean had = !found.isEmpty();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          StageHandoff handoff = Json.read(record.value(), StageHandoff.class);
          if (handoff.runId().equals(runId)) {
            found.add(handoff);
          }
        }
        if (had) {
          break;
        }
      }
    }
    return found;
  }

  @Override
  public void close() throws SQLException {
    database.close();
  }
}
