package dev.mlhandoff.gate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mlhandoff.messages.Approval;
import dev.mlhandoff.messages.Approval.Decision;
import dev.mlhandoff.messages.GovernanceCheck.Severity;
import dev.mlhandoff.messages.GovernanceVerdict;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.ApprovalDecided;
import dev.mlhandoff.messages.PipelineEvent.ApprovalRefused;
import dev.mlhandoff.messages.PipelineEvent.Rejected;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.Topic;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.platform.EmbeddedObjectStore;
import dev.mlhandoff.platform.EmbeddedPlatform;
import dev.mlhandoff.platform.SharedPlatform;
import dev.mlhandoff.platform.TopicPlan;
import dev.mlhandoff.runtime.ArtifactStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.kafka.core.KafkaTemplate;

/** Decisions about parked runs over a real broker, database and object store. */
@TestInstance(Lifecycle.PER_CLASS)
class ApprovalFlowTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LONG = Duration.ofDays(7);

  @TempDir private static Path folder;
  private final EmbeddedPlatform platform = SharedPlatform.get();
  private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
  private ConfigurableApplicationContext service;
  private KafkaProducer<byte[], byte[]> producer;
  private KafkaConsumer<byte[], byte[]> consumer;

  @BeforeAll
  void startService() throws Exception {
    platform
        .broker()
        .createTopics(
            Stream.concat(
                    Topics.all().stream().map(t -> new TopicPlan(t.name(), 1, t.configuration())),
                    Topics.withDeadLetters().stream()
                        .map(t -> new TopicPlan(t.deadLetterName(), 1, Map.of())))
                .toList());
    service = start();
    Map<String, Object> client = new HashMap<>();
    client.put("bootstrap.servers", platform.broker().bootstrapServers());
    client.put("isolation.level", "read_committed");
    producer = new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
    consumer =
        new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.assign(
        Stream.of(
                Topics.PIPELINE_EVENTS.name(),
                Topics.STAGE_IOR.name(),
                Topics.GATE_APPROVALS.name(),
                Topics.GATE_APPROVALS.deadLetterName())
            .map(topic -> new TopicPartition(topic, 0))
            .toList());
    consumer.seekToBeginning(consumer.assignment());
  }

  @AfterAll
  void stopService() {
    producer.close();
    consumer.close();
    service.close();
  }

  @Test
  void theFirstDecisionThatSufficesCountsAndARedeliverySaysTheSame() throws Exception {
    String run = "run-00000000000000a1";
    Instant until = park(run, LONG, Severity.HARD_STOP);
    assertThat(park(run, LONG.multipliedBy(2), Severity.HARD_STOP)).isEqualTo(until);

    send(run, approval(run, Decision.APPROVE));
    send(run, approval(run, Decision.EXPIRE));
    send(run, approval(run, Decision.WAIVE));
    send(run, approval(run, Decision.REJECT));
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(refusals(run))
                    .containsExactly("WAIVER_NEEDED", "INVALID_APPROVAL", "ALREADY_DECIDED"));
    assertThat(events(run, ApprovalDecided.class)).hasSize(1);
    assertThat(values(Topics.STAGE_IOR, run)).hasSize(1);

    // The very record once more, as after a crash between database and broker.
    ConsumerRecord<byte[], byte[]> winner =
        records.stream()
            .filter(record -> record.topic().equals(Topics.GATE_APPROVALS.name()))
            .filter(record -> new String(record.value(), UTF_8).contains("waive"))
            .filter(record -> new String(record.key(), UTF_8).equals(run))
            .findFirst()
            .orElseThrow();
    deliverAgain(winner);
    await().atMost(PATIENCE).until(() -> events(run, ApprovalDecided.class).size() == 2);
    assertThat(new HashSet<>(events(run, ApprovalDecided.class))).hasSize(1);
    List<StageHandoff> onward = values(Topics.STAGE_IOR, run);
    assertThat(onward).hasSize(2);
    assertThat(new HashSet<>(onward)).hasSize(1);
    assertThat(events(run, Rejected.class)).isEmpty();
  }

  @Test
  void aParkedRunSurvivesARestart() throws Exception {
    String run = "run-00000000000000a2";
    park(run, LONG, Severity.MANDATORY);
    service.close();
    service = start();

    send(run, approval(run, Decision.APPROVE));

    await().atMost(PATIENCE).until(() -> !values(Topics.STAGE_IOR, run).isEmpty());
    assertThat(events(run, ApprovalDecided.class)).hasSize(1);
  }

  @Test
  void whenTheTimeIsOverTheTimerDecidesOnce() throws Exception {
    String run = "run-00000000000000a3";
    park(run, Duration.ofMillis(1), Severity.MANDATORY);

    await().atMost(PATIENCE).until(() -> !events(run, Rejected.class).isEmpty());
    send(run, approval(run, Decision.APPROVE));
    await().atMost(PATIENCE).until(() -> refusals(run).contains("ALREADY_DECIDED"));

    assertThat(events(run, Rejected.class))
        .singleElement()
        .extracting(Rejected::code)
        .isEqualTo("GOVERNANCE_EXPIRED");
    assertThat(values(Topics.STAGE_IOR, run)).isEmpty();
  }

  @Test
  void whatIsNoDecisionIsAnsweredOrKept() throws Exception {
    String run = "run-00000000000000a4";
    send(run, "no JSON".getBytes(UTF_8));
    send(run, "{\"decision\":\"maybe\"}".getBytes(UTF_8));
    send(run, approval(run, Decision.REJECT));
    send("nobody", "{}".getBytes(UTF_8));

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(refusals(run))
                    .containsExactly("INVALID_APPROVAL", "INVALID_APPROVAL", "NOT_PARKED"));
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              poll();
              return records.stream()
                  .anyMatch(r -> r.topic().equals(Topics.GATE_APPROVALS.deadLetterName()));
            });
  }

  private Instant park(String run, Duration within, Severity severity) throws Exception {
    return service
        .getBean(ParkedRuns.class)
        .park(
            ParkedSamples.handoff(run),
            ParkedSamples.output(
                GovernanceVerdict.PARKED, null, service.getBean(ArtifactStore.class), severity),
            within);
  }

  @SuppressWarnings("unchecked") // every producer of the shell writes bytes
  private void deliverAgain(ConsumerRecord<byte[], byte[]> record) {
    ApprovalListener listener = service.getBean(ApprovalListener.class);
    KafkaTemplate<byte[], byte[]> template = service.getBean(KafkaTemplate.class);
    template.executeInTransaction(
        operations -> {
          listener.on(record);
          return true;
        });
  }

  private static byte[] approval(String run, Decision decision) {
    return Json.write(new Approval(run, decision, "A. Clerk", "it is known"));
  }

  private void send(@Nullable String key, byte[] value) throws Exception {
    producer
        .send(
            new ProducerRecord<>(
                Topics.GATE_APPROVALS.name(), key == null ? null : key.getBytes(UTF_8), value))
        .get();
  }

  private List<String> refusals(String run) {
    return events(run, ApprovalRefused.class).stream().map(ApprovalRefused::code).toList();
  }

  private <E extends PipelineEvent> List<E> events(String run, Class<E> type) {
    return values(Topics.PIPELINE_EVENTS, run).stream()
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  private <T> List<T> values(Topic<T> topic, String run) {
    poll();
    return records.stream()
        .filter(record -> record.topic().equals(topic.name()))
        .filter(record -> new String(record.key(), UTF_8).equals(run))
        .map(record -> Json.read(record.value(), topic.valueType()))
        .toList();
  }

  private void poll() {
    consumer.poll(Duration.ofMillis(200)).forEach(records::add);
  }

  private ConfigurableApplicationContext start() {
    return new SpringApplicationBuilder(GateApplication.class)
        .registerShutdownHook(false)
        .run(
            "--spring.config.name=gate-service",
            "--server.port=0",
            "--spring.kafka.bootstrap-servers=" + platform.broker().bootstrapServers(),
            "--spring.datasource.url=" + platform.database().jdbcUrl(),
            "--handoff.artifacts.endpoint=" + platform.objectStore().endpoint(),
            "--handoff.artifacts.access-key=" + EmbeddedObjectStore.ACCESS_KEY,
            "--handoff.artifacts.secret-key=" + EmbeddedObjectStore.SECRET_KEY,
            "--handoff.work-directory=" + folder);
  }
}
