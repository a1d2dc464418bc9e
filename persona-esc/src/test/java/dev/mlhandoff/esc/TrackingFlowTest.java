package dev.mlhandoff.esc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.HopTimes;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.StageCompleted;
import dev.mlhandoff.messages.PipelineEvent.TrackingChanged;
import dev.mlhandoff.messages.PipelineEvent.TrackingState;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.platform.EmbeddedObjectStore;
import dev.mlhandoff.platform.EmbeddedPlatform;
import dev.mlhandoff.platform.SharedPlatform;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.Digests;
import dev.mlhandoff.runtime.MessagePublisher;
import dev.mlhandoff.tracking.journal.Journal;
import dev.mlhandoff.tracking.journal.JournalEntry.Artifact;
import dev.mlhandoff.tracking.journal.JournalEntry.Attempt;
import dev.mlhandoff.tracking.journal.JournalEntry.Metric;
import dev.mlhandoff.tracking.journal.JournalEntry.SelectedModel;
import dev.mlhandoff.tracking.journal.JournalEntry.Trial;
import dev.mlhandoff.tracking.stub.MlflowStub;
import dev.mlhandoff.tracking.stub.MlflowStub.Mode;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

class TrackingFlowTest {

  private static final String RUN = "run-00000000000000aa";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void whatWaitsForAServerIsVisibleAndTrackedOnceItIsThere() throws Exception {
    EmbeddedPlatform platform = SharedPlatform.get();
    EscHarness.createTopics(platform);
    try (MlflowStub server = MlflowStub.start()) {
      server.mode(Mode.ERROR_500);
      try (ConfigurableApplicationContext service = start(platform, server.address().toString())) {
        StageCompleted completed = completed(deliverable(service.getBean(ArtifactStore.class)));
        MessagePublisher publisher = service.getBean(MessagePublisher.class);
        publisher.sendNow(completed);
        await().atMost(PATIENCE).until(() -> changes(platform).size() == 1);
        TrackingChanged delayed = changes(platform).get(0);
        assertThat(delayed.state()).isEqualTo(TrackingState.DELAYED);
        assertThat(delayed.detail()).contains("500 INTERNAL_ERROR: database is gone");
        assertThat(delayed.tracker()).isEqualTo(server.address().toString());
        assertThat(pending(service)).isPositive();

        server.mode(Mode.UP);
        await().atMost(PATIENCE).until(() -> pending(service) == 0);
        assertThat(changes(platform)).hasSize(2);
        assertThat(changes(platform).get(1).state()).isEqualTo(TrackingState.TRACKED);
        List<String> tracked = server.content();
        assertThat(tracked)
            .anyMatch(
                line -> line.startsWith("run " + RUN + "/1 '1.0.0 attempt 1' FINISHED 0-9000"))
            .anyMatch(line -> line.contains("key=training_seconds, value=1.5"))
            .contains("artifact " + RUN + "/1 artifacts/model/model-bundle.zip 3")
            .contains("alias churn candidate -> " + RUN + "/1");

        publisher.sendNow(completed);
        publisher.sendNow(completed(deliverable(service.getBean(ArtifactStore.class))));
        assertThat(server.content()).isEqualTo(tracked);
      }
    }
  }

  @Test
  void withoutAServerJournalsWaitAndAnAddressThatIsNoneStopsNothing() throws Exception {
    EmbeddedPlatform platform = SharedPlatform.get();
    EscHarness.createTopics(platform);
    try (ConfigurableApplicationContext service = start(platform, "sqlite:///mlflow.db")) {
      double before = pending(service);
      Deliverable delivered = deliverable(service.getBean(ArtifactStore.class));
      service
          .getBean(MessagePublisher.class)
          .sendNow(
              new StageCompleted(
                  "other",
                  "run-00000000000000bb",
                  Instant.EPOCH,
                  "churn",
                  "1.0.0",
                  delivered,
                  new HopTimes(0, 0, 0)));
      await().atMost(PATIENCE).until(() -> pending(service) == before + 1);
    }
  }

  private ConfigurableApplicationContext start(EmbeddedPlatform platform, String tracker) {
    return new SpringApplicationBuilder(EscApplication.class)
        .run(
            "--spring.config.name=persona-esc",
            "--server.port=0",
            "--spring.kafka.bootstrap-servers=" + platform.broker().bootstrapServers(),
            "--spring.datasource.url=" + platform.database().jdbcUrl(),
            "--handoff.artifacts.endpoint=" + platform.objectStore().endpoint(),
            "--handoff.artifacts.access-key=" + EmbeddedObjectStore.ACCESS_KEY,
            "--handoff.artifacts.secret-key=" + EmbeddedObjectStore.SECRET_KEY,
            "--handoff.tracking.url=" + tracker,
            "--handoff.work-directory=" + folder);
  }

  private static double pending(ConfigurableApplicationContext service) {
    return service.getBean(MeterRegistry.class).get("handoff.tracking.pending").gauge().value();
  }

  private Deliverable deliverable(ArtifactStore store) throws IOException {
    ArtifactRef bundle = write(store, "model-bundle.zip", "zip");
    Journal journal =
        Journal.of(
            List.of(
                new Attempt("Churn", "churn", "1.0.0", 1, new TreeMap<>(), new TreeMap<>()),
                new Trial("lr", "logistic_regression", new TreeMap<>(), null),
                new Metric("lr", "fold_auc_roc", 0, 0.8),
                new Artifact("model-bundle", "model/model-bundle.zip", bundle.sha256(), 3),
                new SelectedModel("lr", "model-bundle")));
    return Deliverable.of(
        StageIds.TRAINING,
        "ESC",
        1,
        "trained",
        Map.of(
            "model-bundle",
            bundle,
            TrackingJournal.ROLE,
            write(
                store,
                "tracking-journal.jsonl",
                new String(journal.toBytes(), StandardCharsets.UTF_8)),
            TrackingJournal.METADATA_ROLE,
            write(
                store,
                "trials-metadata.json",
                """
                {"runId":"%s","plannedAt":"1970-01-01T00:00:00Z","concludedAt":\
                "1970-01-01T00:00:09Z","timings":{"lr":{"trainingMs":1500}}}"""
                    .formatted(RUN))),
        Map.of());
  }

  private ArtifactRef write(ArtifactStore store, String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, content);
    String key = "runs/" + RUN + "/training/1/test/" + name;
    store.put(key, file, "application/octet-stream");
    return new ArtifactRef(
        store.uri(key), Digests.sha256(file), Files.size(file), "application/octet-stream");
  }

  private static StageCompleted completed(Deliverable delivered) {
    return new StageCompleted(
        RUN + "/training/1/StageCompleted",
        RUN,
        Instant.EPOCH,
        "churn",
        "1.0.0",
        delivered,
        new HopTimes(0, 0, 0));
  }

  private static List<TrackingChanged> changes(EmbeddedPlatform platform) {
    Properties settings = new Properties();
    settings.put("bootstrap.servers", platform.broker().bootstrapServers());
    settings.put("isolation.level", "read_committed");
    List<TrackingChanged> found = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(Topics.PIPELINE_EVENTS.name()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(
                record -> {
                  PipelineEvent event = Json.read(record.value(), PipelineEvent.class);
                  if (event instanceof TrackingChanged changed && changed.runId().equals(RUN)) {
                    found.add(changed);
                  }
                });
      }
    }
    return found;
  }
}
