package dev.mlhandoff.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.Rejected;
import dev.mlhandoff.messages.PipelineEvent.StageCompleted;
import dev.mlhandoff.messages.PipelineEvent.StageFailed;
import dev.mlhandoff.messages.ProjectRequest;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.platform.EmbeddedPlatform;
import dev.mlhandoff.platform.SharedPlatform;
import dev.mlhandoff.platform.TopicPlan;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** What the shell promises, over a real broker: each record ends in exactly one way. */
class ShellTest {

  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final int PARTITIONS = 1;
  private static final String DEAD = Topics.STAGE_FAR.deadLetterName();

  @TempDir static Path folder;
  private static ConfigurableApplicationContext service = new GenericApplicationContext();
  private static final AtomicInteger RUNS = new AtomicInteger();

  private final String run = "run-%016x".formatted(RUNS.incrementAndGet());

  @BeforeAll
  static void startService() throws Exception {
    EmbeddedPlatform platform = SharedPlatform.get();
    List<TopicPlan> plans = new ArrayList<>();
    for (String topic :
        List.of(
            Topics.STAGE_FAR.name(),
            Topics.STAGE_ESC.name(),
            Topics.PIPELINE_EVENTS.name(),
            DEAD)) {
      plans.add(new TopicPlan(topic, PARTITIONS, Map.of()));
    }
    platform.broker().createTopics(plans);
    service = startAgain();
  }

  private static ConfigurableApplicationContext startAgain() {
    return new SpringApplicationBuilder(SampleService.class)
        .web(WebApplicationType.NONE)
        .run(
            "--spring.application.name=sample",
            "--spring.kafka.bootstrap-servers=" + broker(),
            "--handoff.artifacts.uri=" + folder.resolve("store").toUri(),
            "--handoff.work-directory=" + folder.resolve("work"),
            "--handoff.retry.initial-interval=20ms",
            "--handoff.backlog-interval=1s",
            // Nobody listens there: whatever is shown here holds without a collector, too.
            "--handoff.tracing.endpoint=http://localhost:1/v1/traces",
            "--handoff.cancellation-grace=200ms");
  }

  @AfterAll
  static void stopService() {
    service.close();
  }

  @Test
  void handsOverOnceWithTheHeadersOfAnEvent() {
    publish(handoff());

    ConsumerRecord<byte[], byte[]> next = handedOver();
    assertThat(header(next, "ce_specversion")).isEqualTo("1.0");
    assertThat(header(next, "ce_type")).isEqualTo("dev.mlhandoff.StageHandoff.v1");
    assertThat(header(next, "ce_source")).isEqualTo("/sample");
    assertThat(header(next, "traceparent")).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
    assertThat(events(StageCompleted.class)).hasSize(1);
    MeterRegistry registry = service.getBean(MeterRegistry.class);
    for (String hop : List.of("queue", "work", "publish")) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(registry.get("handoff.stage." + hop).timer().count()).isPositive());
    }
    assertThat(registry.get("handoff.stage.in.flight").gauge().value()).isZero();
  }

  @Test
  void doesNotRepeatFinishedWorkWhenTheSendingFailed() {
    AtomicInteger done = new AtomicInteger();
    AtomicInteger routed = new AtomicInteger();
    SampleService.WORK.put(
        run,
        (handoff, context) -> {
          done.incrementAndGet();
          return SampleService.delivered(handoff);
        });
    SampleService.BEFORE_ROUTING.put(
        run,
        () -> {
          if (routed.incrementAndGet() < 3) {
            throw new TransientException("the broker hiccups", null);
          }
        });
    publish(handoff());

    assertThat(handedOver()).isNotNull();
    assertThat(done).hasValue(1);
    assertThat(routed).hasValue(3);
  }

  @Test
  void takesBackWhatADeliverySentBeforeItFailed() {
    AtomicInteger sent = new AtomicInteger();
    SampleService.AFTER_SENDING.put(
        run,
        () -> {
          if (sent.incrementAndGet() < 3) {
            throw new TransientException("the broker hiccups", null);
          }
        });
    publish(handoff());

    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(events(StageCompleted.class)).hasSize(1));
    assertThat(sent).as("handoffs sent").hasValue(3);
    assertThat(handoffs()).as("handoffs committed").hasSize(1);
  }

  @Test
  void triesAgainWhatMayWorkLater() {
    AtomicInteger tries = new AtomicInteger();
    SampleService.WORK.put(
        run,
        (handoff, context) -> {
          if (tries.incrementAndGet() < 3) {
            throw new IOException("not there yet");
          }
          return SampleService.delivered(handoff);
        });
    publish(handoff());

    assertThat(handedOver()).isNotNull();
    assertThat(tries).hasValue(3);
    assertThat(events(Rejected.class)).isEmpty();
  }

  @Test
  void givesUpAnOutageAfterItsRetriesAndKeepsTheRecordAsItCame() {
    AtomicInteger tries = new AtomicInteger();
    SampleService.WORK.put(
        run,
        (handoff, context) -> {
          tries.incrementAndGet();
          throw new TransientException("SOURCE_UNAVAILABLE", "the database is down", null);
        });
    byte[] sent = Json.write(handoff());
    RecordMetadata place = publish(sent, Map.of("x-custom", "kept"));

    assertThat(rejection().code()).isEqualTo("SOURCE_UNAVAILABLE");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(gauge("handoff.dead.letters.kept", "topic", Topics.STAGE_FAR.name()))
                    .isPositive());
    assertThat(tries).as("the first try and three more").hasValue(4);
    assertThat(events(StageFailed.class)).hasSize(1);
    ConsumerRecord<byte[], byte[]> dead = deadLetter(place);
    assertThat(dead.value()).isEqualTo(sent);
    assertThat(header(dead, "x-custom")).isEqualTo("kept");
    assertThat(handoffs()).isEmpty();
    nextGoesThrough();
  }

  @Test
  void rejectsAtOnceWhatTheStageRefuses() {
    AtomicInteger tries = new AtomicInteger();
    SampleService.WORK.put(
        run,
        (handoff, context) -> {
          tries.incrementAndGet();
          throw new RejectionException("NO_FEATURES", "nothing to build on", "/dataset");
        });
    RecordMetadata place = publish(handoff());

    assertThat(rejection().code()).isEqualTo("NO_FEATURES");
    assertThat(rejection().pointer()).isEqualTo("/dataset");
    nextGoesThrough();
    assertThat(tries).hasValue(1);
    assertThat(deadLetters(place)).isEmpty();
  }

  @Test
  void givesUpADefectWithoutTryingAgainAndWithoutItsMessage() {
    AtomicInteger tries = new AtomicInteger();
    SampleService.WORK.put(
        run,
        (handoff, context) -> {
          tries.incrementAndGet();
          throw new IllegalStateException("password=secret");
        });
    RecordMetadata place = publish(handoff());

    assertThat(rejection().code()).isEqualTo("INTERNAL");
    assertThat(rejection().message()).doesNotContain("secret");
    assertThat(tries).hasValue(1);
    assertThat(deadLetter(place)).isNotNull();
  }

  @Test
  void rejectsBytesThatAreNoHandoffAndGoesOn() {
    List<byte @Nullable []> poison = new ArrayList<>();
    poison.add(new byte[] {0, -1, 7, (byte) 0xC3, 0x28});
    poison.add("null".getBytes(StandardCharsets.UTF_8));
    poison.add("[".repeat(5000).getBytes(StandardCharsets.UTF_8));
    poison.add("{\"runId\":\"../../etc\",\"attempt\":1}".getBytes(StandardCharsets.UTF_8));
    poison.add(null);
    for (byte[] bytes : poison) {
      RecordMetadata place = publish(bytes, Map.of());
      String id = RunIds.of(place.topic(), place.partition(), place.offset(), place.timestamp());

      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(events(Rejected.class, id))
                      .extracting(Rejected::code)
                      .containsExactly("INVALID_HANDOFF"));
      assertThat(deadLetters(place)).isEmpty();
    }
    nextGoesThrough();
  }

  @Test
  void takesNothingFromHostileHeaders() {
    publish(
        Json.write(handoff()),
        Map.of(
            "__TypeId__", "javax.script.ScriptEngineManager",
            "spring_json_header_types", "{\"a\":\"java.net.URL\"}",
            "a", "\"http://localhost:1/\"",
            "kafka_dlt-exception-stacktrace", "x".repeat(100_000),
            "ce_type", "dev.mlhandoff.Rejected.v1",
            "traceparent", "00-zz\r\nX: y"));

    ConsumerRecord<byte[], byte[]> next = handedOver();
    assertThat(Arrays.stream(next.headers().toArray()).map(Header::key))
        .containsExactlyInAnyOrder(
            "ce_specversion",
            "ce_id",
            "ce_source",
            "ce_type",
            "ce_time",
            "content-type",
            "traceparent");
    assertThat(header(next, "traceparent")).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
  }

  @Test
  void endsWorkAtItsDeadline() {
    CountDownLatch interrupted = new CountDownLatch(1);
    SampleService.WORK.put(
        run,
        (handoff, context) -> {
          try {
            Thread.sleep(PATIENCE.toMillis());
          } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
          }
          return SampleService.delivered(handoff);
        });
    publish(handoff());

    assertThat(rejection().code()).isEqualTo("STAGE_DEADLINE_EXCEEDED");
    assertThat(interrupted.getCount()).isZero();
    assertThat(liveness()).isEqualTo(Status.UP);
  }

  @Test
  void isNotAliveWhileWorkIgnoresThatItWasCancelled() {
    CountDownLatch release = new CountDownLatch(1);
    SampleService.WORK.put(
        run,
        (handoff, context) -> {
          while (release.getCount() > 0) {
            Thread.onSpinWait();
          }
          return SampleService.delivered(handoff);
        });
    publish(handoff());

    assertThat(rejection().code()).isEqualTo("STAGE_DEADLINE_EXCEEDED");
    MeterRegistry registry = service.getBean(MeterRegistry.class);
    assertThat(registry.get("handoff.abandoned.work").gauge().value()).isEqualTo(1);
    assertThat(liveness()).isEqualTo(Status.DOWN);
    release.countDown();
    await().atMost(PATIENCE).until(() -> liveness().equals(Status.UP));
    assertThat(registry.get("handoff.abandoned.work").gauge().value()).isZero();
    assertThat(handoffs()).isEmpty();
  }

  @Test
  void tellsHowLongTheOldestRecordHasWaited() {
    CountDownLatch release = new CountDownLatch(1);
    long hourAgo = System.currentTimeMillis() - Duration.ofHours(1).toMillis();
    List<String> waiting = new ArrayList<>();
    // Several, for each ends at its deadline.
    for (int i = 0; i < 8; i++) {
      String runId = "run-%016x".formatted(RUNS.incrementAndGet());
      SampleService.WORK.put(
          runId,
          (handoff, context) -> {
            release.await();
            return SampleService.delivered(handoff);
          });
      waiting.add(runId);
      publish(Json.write(handoff(runId)), Map.of(), hourAgo);
    }
    String topic = Topics.STAGE_FAR.name();

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(gauge("handoff.backlog.age", "topic", topic)).isBetween(3600d, 3700d));
    assertThat(gauge("handoff.backlog.records", "topic", topic)).isBetween(1d, 8d);
    assertThat(gauge("handoff.group.members", "group", "sample")).isEqualTo(1);
    Set<Double> measured = new HashSet<>();
    await("one measurement after the other, as records end")
        .atMost(PATIENCE)
        .until(
            () -> {
              measured.add(gauge("handoff.backlog.records", "topic", topic));
              return measured.stream().filter(records -> records > 0).count() >= 3;
            });
    release.countDown();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(gauge("handoff.backlog.age", "topic", topic)).isZero());
    assertThat(handoffs(waiting.get(waiting.size() - 1))).hasSize(1);
  }

  @Test
  void losesNothingWhenItStopsInTheMiddleOfWork() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    SampleService.WORK.put(
        run,
        (handoff, context) -> {
          begun.countDown();
          Thread.sleep(PATIENCE.toMillis());
          return SampleService.delivered(handoff);
        });
    publish(handoff());
    begun.await();

    service.close();
    assertThat(new FileArtifactStore(folder.resolve("store")).list(starts()))
        .as("an orderly stop is no crash")
        .isEmpty();
    SampleService.WORK.remove(run);
    service = startAgain();

    assertThat(handedOver()).isNotNull();
    assertThat(events(Rejected.class)).isEmpty();
  }

  @Test
  void isNotAliveOnceItsListenerHasDied() {
    SampleService.WORK.put(
        run,
        (handoff, context) -> {
          throw new NoClassDefFoundError("a broken installation");
        });
    assertThat(liveness()).isEqualTo(Status.UP);
    publish(handoff());

    await().atMost(PATIENCE).until(() -> liveness().equals(Status.DOWN));
    SampleService.WORK.remove(run);
    service.close();
    service = startAgain();
    assertThat(handedOver()).as("the record is still there for the next start").isNotNull();
    assertThat(liveness()).isEqualTo(Status.UP);
  }

  private static double gauge(String name, String label, String value) {
    Gauge gauge = service.getBean(MeterRegistry.class).find(name).tag(label, value).gauge();
    return gauge == null ? Double.NaN : gauge.value();
  }

  private static Status liveness() {
    return Objects.requireNonNull(service.getBean(HealthEndpoint.class).healthForPath("liveness"))
        .getStatus();
  }

  private String starts() {
    return StageKeys.folder(run, StageIds.FEATURE_ENGINEERING, 1) + "starts/";
  }

  private StageHandoff handoff() {
    return handoff(run);
  }

  private static StageHandoff handoff(String runId) {
    return new StageHandoff(
        runId,
        null,
        1,
        "POR",
        "FAR",
        StageIds.FEATURE_ENGINEERING,
        "build features",
        ProjectRequest.of("Sample", "sample", "bought", "none"),
        "sample",
        "1.0.0",
        List.of());
  }

  private void nextGoesThrough() {
    String next = "run-%016x".formatted(RUNS.incrementAndGet());
    publish(Json.write(handoff(next)), Map.of());
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(handoffs(next)).hasSize(1));
  }

  private static RecordMetadata publish(StageHandoff handoff) {
    return publish(Json.write(handoff), Map.of());
  }

  private static RecordMetadata publish(byte @Nullable [] value, Map<String, String> headers) {
    return publish(value, headers, System.currentTimeMillis());
  }

  private static RecordMetadata publish(
      byte @Nullable [] value, Map<String, String> headers, long timestamp) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(Topics.STAGE_FAR.name(), 0, timestamp, null, value);
    headers.forEach(
        (name, content) -> record.headers().add(name, content.getBytes(StandardCharsets.UTF_8)));
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      return producer.send(record).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private ConsumerRecord<byte[], byte[]> handedOver() {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(handoffs()).hasSize(1));
    return handoffs().get(0);
  }

  private List<ConsumerRecord<byte[], byte[]>> handoffs() {
    return handoffs(run);
  }

  private static List<ConsumerRecord<byte[], byte[]>> handoffs(String runId) {
    return read(Topics.STAGE_ESC.name()).stream()
        .filter(record -> runId.equals(new String(record.key(), StandardCharsets.UTF_8)))
        .toList();
  }

  private Rejected rejection() {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(events(Rejected.class)).hasSize(1));
    return events(Rejected.class).get(0);
  }

  private <T extends PipelineEvent> List<T> events(Class<T> type) {
    return events(type, run);
  }

  private static <T extends PipelineEvent> List<T> events(Class<T> type, String runId) {
    return read(Topics.PIPELINE_EVENTS.name()).stream()
        .map(record -> Json.read(record.value(), PipelineEvent.class))
        .filter(event -> type.isInstance(event) && event.runId().equals(runId))
        .map(type::cast)
        .toList();
  }

  private static ConsumerRecord<byte[], byte[]> deadLetter(RecordMetadata place) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(deadLetters(place)).hasSize(1));
    return deadLetters(place).get(0);
  }

  private static List<ConsumerRecord<byte[], byte[]>> deadLetters(RecordMetadata place) {
    return read(DEAD).stream()
        .filter(
            record ->
                ByteBuffer.wrap(record.headers().lastHeader("kafka_dlt-original-offset").value())
                        .getLong()
                    == place.offset())
        .toList();
  }

  private static String header(ConsumerRecord<?, ?> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }

  /** Every committed record of a topic. */
  private static List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker(), "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    return records;
  }

  private static String broker() {
    return SharedPlatform.get().broker().bootstrapServers();
  }
}
