package dev.mlhandoff.e2e.crash;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ProjectOutcome;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.platform.EmbeddedObjectStore;
import dev.mlhandoff.platform.EmbeddedPlatform;
import dev.mlhandoff.runtime.RunIds;
import dev.mlhandoff.runtime.S3ArtifactStore;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A home whose system dies at every place that is asked for and is started again each time, until
 * the request has its outcome and everything is at rest.
 */
final class CrashingRun implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(6);
  private static final Duration POLL = Duration.ofMillis(250);
  private static final int ROWS = 600;
  private static final String REQUEST =
      """
      {"name": "Crash %s", "dataset": "plain", "target": "bought", "deadline": "none",
       "requirements": {"folds": 3, "models": ["logistic_regression"]},
       "rollout": {"steps": [50, 100]}}
      """;

  /** What a request left behind: its run, its outcome, and all records of the system at rest. */
  record Result(String runId, ProjectOutcome outcome, List<LoggedRecord> records) {}

  private final Path home;
  private final Path catalog;
  private final int s3Port;
  private final S3ArtifactStore store;
  private @Nullable ChildSystem system;

  CrashingRun(Path folder) throws IOException {
    this.home = Files.createDirectories(folder.resolve("home"));
    this.catalog = catalog(folder);
    try (ServerSocket free = new ServerSocket(0)) {
      this.s3Port = free.getLocalPort();
    }
    this.store =
        new S3ArtifactStore(
            EmbeddedPlatform.BUCKET,
            URI.create("http://localhost:" + s3Port),
            "us-east-1",
            EmbeddedObjectStore.ACCESS_KEY,
            EmbeddedObjectStore.SECRET_KEY);
  }

  S3ArtifactStore store() {
    return store;
  }

  /**
   * Publishes a request and follows it through all halts.
   *
   * @param halts failpoints that each halt the JVM once, in whatever order they are reached; one
   *     that is named several times halts it as often
   * @param faults failpoints that stay armed to the end
   * @param settled whether what follows on the last halt has happened as well
   */
  Result follow(
      Collection<String> halts, Collection<String> faults, Predicate<List<LoggedRecord>> settled)
      throws Exception {
    List<String> armed = new ArrayList<>(halts);
    restart(armed, faults);
    String runId = publish(awaitBroker());
    while (!armed.isEmpty()) {
      ChildSystem running = current();
      await(running, "halted at one of " + armed, () -> !running.isAlive());
      String place = running.haltedAt().orElse("no failpoint");
      if (!armed.remove(place)) {
        throw new AssertionError(
            "it died at %s, not at one of %s%n%s".formatted(place, armed, running.output()));
      }
      restart(armed, faults);
    }
    String broker = awaitBroker();
    ChildSystem last = current();
    AtomicReference<@Nullable Result> result = new AtomicReference<>();
    await(
        last,
        "at rest with an outcome of " + runId,
        () -> {
          if (!last.isAlive()) {
            throw new AssertionError("it died: " + last.output());
          }
          result.set(atRest(broker, runId, settled).orElse(null));
          return result.get() != null;
        });
    return Objects.requireNonNull(result.get());
  }

  @Override
  public void close() {
    store.close();
    if (system != null) {
      system.close();
    }
  }

  private static Optional<Result> atRest(
      String broker, String runId, Predicate<List<LoggedRecord>> settled) throws Exception {
    TopicLog log = new TopicLog(broker);
    List<LoggedRecord> records = log.read();
    Optional<ProjectOutcome> outcome =
        records.stream()
            .filter(record -> record.topic().equals(Topics.PROJECT_OUTCOMES.name()))
            .filter(record -> runId.equals(record.key()))
            .map(record -> Json.read(record.bytes(), ProjectOutcome.class))
            .findFirst();
    if (outcome.isEmpty() || !settled.test(records)) {
      return Optional.empty();
    }
    Set<String> workedOn =
        Topics.withDeadLetters().stream().map(topic -> topic.name()).collect(Collectors.toSet());
    if (!log.pending(records, workedOn).isEmpty()) {
      return Optional.empty();
    }
    // The last of them may have sent something between the reading and its commit.
    return Optional.of(new Result(runId, outcome.get(), log.read()));
  }

  private ChildSystem current() {
    if (system == null) {
      throw new IllegalStateException("not started");
    }
    return system;
  }

  private void restart(List<String> armed, Collection<String> faults) throws Exception {
    if (system != null && system.isAlive()) {
      system.kill();
    }
    Set<String> failpoints = new HashSet<>(armed);
    failpoints.addAll(faults);
    system = ChildSystem.start(home, catalog, s3Port, failpoints);
  }

  private String awaitBroker() throws Exception {
    ChildSystem starting = current();
    await(starting, "started", () -> !starting.isAlive() || starting.broker().isPresent());
    Optional<String> broker = starting.broker();
    if (broker.isEmpty()) {
      throw new AssertionError("it did not start: " + starting.output());
    }
    return broker.get();
  }

  private static void await(ChildSystem system, String what, Callable<Boolean> condition)
      throws Exception {
    try {
      Awaitility.await(what)
          .pollInSameThread()
          .pollInterval(POLL)
          .atMost(PATIENCE)
          .until(condition);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("never %s%n%s".formatted(what, system.output()), e);
    }
  }

  private static String publish(String broker) throws Exception {
    byte[] request = REQUEST.formatted(Instant.now()).getBytes(StandardCharsets.UTF_8);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      RecordMetadata place =
          producer.send(new ProducerRecord<>(Topics.PROJECT_REQUESTS.name(), request)).get();
      return RunIds.of(place.topic(), place.partition(), place.offset(), place.timestamp());
    }
  }

  /** A small table whose target needs both columns, so that a model beats the best single one. */
  private static Path catalog(Path folder) throws IOException {
    Random random = new Random(7);
    StringBuilder rows = new StringBuilder("id,visits,basket,bought\n");
    for (int i = 0; i < ROWS; i++) {
      double visits = random.nextGaussian();
      double basket = random.nextGaussian();
      boolean bought = visits + basket + 0.5 * random.nextGaussian() > 0;
      rows.append("%d,%.4f,%.4f,%s%n".formatted(i, visits, basket, bought ? "yes" : "no"));
    }
    Files.writeString(folder.resolve("plain.csv"), rows);
    return Files.writeString(
        folder.resolve("catalog.yml"),
        """
        datasets:
          plain:
            entities: {file: plain.csv}
            entityKey: id
            targets:
              bought: {column: bought, positive: 'yes'}
        """);
  }
}
