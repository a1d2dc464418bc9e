package dev.mlhandoff.mos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import dev.mlhandoff.messages.PredictionLabel;
import dev.mlhandoff.messages.PredictionLog;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.mos.PredictionStore.OvertakenException;
import dev.mlhandoff.mos.PredictionStore.Stretch;
import dev.mlhandoff.mos.monitoring.PredictionRecord;
import dev.mlhandoff.platform.SharedPlatform;
import dev.mlhandoff.runtime.MessagePublisher;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class PredictionFeedTest {

  private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
  private static final String VERSION = "1.0.0";
  private static final int MANY = 3000;

  @TempDir Path folder;

  @Test
  void eachPredictionGetsItsFirstOutcomeInWhateverOrderTheyCome() throws Exception {
    try (FakeInference inference = new FakeInference();
        MosHarness mos = MosHarness.start(inference, folder)) {
      MessagePublisher publisher = mos.bean(MessagePublisher.class);
      label(publisher, "feed-early", true);
      await().atMost(Duration.ofSeconds(30)).until(() -> waits(mos, "feed-early"));
      label(publisher, "feed-early", false);
      publish(publisher, prediction("feed", "feed-early", false, "production"));
      publish(publisher, prediction("feed", "feed-late", false, "canary"));
      publish(publisher, prediction("feed", "feed-replay", true, "direct"));
      publish(publisher, prediction("feed", "feed-asked", false, "direct"));
      publish(publisher, prediction("feed", "feed-shadow", false, "shadow"));
      PredictionRecords records = mos.bean(PredictionRecords.class);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> records.after("feed", VERSION, "shadow", 0, 10).size() == 1);
      label(publisher, "feed-late", false);
      label(publisher, "feed-late", true);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> records.labelledAfter("feed", VERSION, 0, 10).size() == 2);

      List<PredictionRecord> seen = records.after("feed", VERSION, 0, 10);
      assertThat(seen)
          .as("neither replays, nor shadows, nor what was asked of a version by name")
          .extracting(PredictionRecord::predictionId, PredictionRecord::outcome)
          .containsExactly(tuple("feed-early", true), tuple("feed-late", false));
      PredictionRecord early = seen.get(0);
      assertThat(early.features()).isEqualTo(features());
      assertThat(early.predictedAt()).isEqualTo(NOON);
      assertThat(early.latencyMs()).isEqualTo(3.25);
      assertThat(early.outcomeAt()).isEqualTo(NOON);
      assertThat(records.count("feed", VERSION, early.arrived())).isEqualTo(1);
      assertThat(records.labelledBetween("feed", VERSION, 0, early.arrived()))
          .extracting(PredictionRecord::predictionId)
          .containsExactly("feed-early");

      mos.bean(PredictionStore.class).removeBefore(NOON.plusSeconds(1));
      assertThat(records.after("feed", VERSION, 0, 10)).isEmpty();
    }
  }

  @Test
  void whatIsNoPredictionOrLabelIsCountedAndPassedOver() throws Exception {
    try (FakeInference inference = new FakeInference();
        MosHarness mos = MosHarness.start(inference, folder, "--handoff.backlog-interval=1s")) {
      String labels = Topics.PREDICTION_LABELS.name();
      raw(labels, null);
      raw(labels, "");
      raw(labels, "{");
      raw(labels, "[]");
      raw(labels, "{\"predictionId\": \"bad\"}");
      raw(labels, "{\"predictionId\": \"bad\", \"outcome\": \"yes\"}");
      raw(labels, "{\"predictionId\": \"\", \"outcome\": true}");
      raw(
          labels,
          "{\"predictionId\": \"bad\", \"outcome\": true, \"at\": \"2026-02-30T00:00:00Z\"}");
      raw(labels, "{\"predictionId\": \"" + "x".repeat(201) + "\", \"outcome\": true}");
      // What JSON allows and the database does not.
      raw(labels, "{\"predictionId\": \"bad\\u0000\", \"outcome\": true}");
      raw(Topics.PREDICTIONS.name(), "{\"predictionId\": \"bad\"}");
      MessagePublisher publisher = mos.bean(MessagePublisher.class);
      Map<String, @Nullable Object> odd = new HashMap<>(features());
      odd.put("segment", "\0");
      publish(publisher, prediction("refusing", "refusing-1", odd));
      publish(publisher, prediction("refusing", "refusing-2", features()));
      label(publisher, "refusing-2", true);

      PredictionRecords records = mos.bean(PredictionRecords.class);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> records.labelledAfter("refusing", VERSION, 0, 10).size() == 1);
      assertThat(records.after("refusing", VERSION, 0, 10)).hasSize(1);
      assertThat(refused(mos, labels)).isEqualTo(10);
      assertThat(refused(mos, Topics.PREDICTIONS.name())).isEqualTo(2);
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> {
                assertThat(gauge(mos, "handoff.group.members")).isEqualTo(1);
                assertThat(gauge(mos, "handoff.backlog.records", "topic", labels)).isZero();
              });
    }
  }

  @Test
  void nothingIsLostOrDoubledWhenReplicasComeAndGo() throws Exception {
    try (FakeInference inference = new FakeInference();
        MosHarness first = MosHarness.start(inference, folder)) {
      MessagePublisher publisher = first.bean(MessagePublisher.class);
      PredictionRecords records = first.bean(PredictionRecords.class);
      try (MosHarness second = MosHarness.start(inference, folder, "--handoff.replica=second")) {
        send(publisher, 0, MANY / 2);
        await().atMost(Duration.ofSeconds(30)).until(() -> records.count("scaled", VERSION, 0) > 0);
        // It leaves while there is work, and forgets what it told the broker.
        assertThat(second.bean(PredictionFeed.class).isRunning()).isTrue();
        second.bean(PredictionFeed.class).stop();
      }
      send(publisher, MANY / 2, MANY);
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () -> {
                assertThat(records.count("scaled", VERSION, 0)).isEqualTo(MANY);
                assertThat(records.labelledAfter("scaled", VERSION, 0, 2 * MANY)).hasSize(MANY);
              });

      PredictionStore store = first.bean(PredictionStore.class);
      long read = store.position(Topics.PREDICTIONS.name(), 0).orElseThrow();
      List<PredictionLog> again = List.of(prediction("scaled", "late-replica", features()));
      Stretch behind = new Stretch(Topics.PREDICTIONS.name(), 0, read - 1, read + 5);
      assertThatThrownBy(() -> store.add(again, List.of(), List.of(behind)))
          .as("a replica that was away must not store what the other one has read")
          .isInstanceOf(OvertakenException.class);
      assertThat(records.count("scaled", VERSION, 0)).isEqualTo(MANY);
      assertThat(store.position(Topics.PREDICTIONS.name(), 0)).hasValue(read);
    }
  }

  private static void send(MessagePublisher publisher, int from, int to) {
    IntStream.range(from, to)
        .forEach(
            i -> {
              String id = "scaled-" + i;
              PredictionLog prediction = prediction("scaled", id, features());
              publisher.sendSoon(Topics.PREDICTIONS, id, prediction, () -> {});
              PredictionLabel label = new PredictionLabel(id, i % 2 == 0, NOON);
              publisher.sendSoon(Topics.PREDICTION_LABELS, id, label, () -> {});
            });
  }

  private static void publish(MessagePublisher publisher, PredictionLog prediction) {
    publisher.sendNow(Topics.PREDICTIONS, prediction.predictionId(), prediction);
  }

  private static void label(MessagePublisher publisher, String id, boolean outcome) {
    publisher.sendNow(Topics.PREDICTION_LABELS, id, new PredictionLabel(id, outcome, NOON));
  }

  private static void raw(String topic, @Nullable String value) throws Exception {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", SharedPlatform.get().broker().bootstrapServers());
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer
          .send(new ProducerRecord<>(topic, null, value == null ? null : value.getBytes(UTF_8)))
          .get();
    }
  }

  private static boolean waits(MosHarness mos, String id) {
    return mos.bean(JdbcClient.class)
        .sql("SELECT EXISTS (SELECT FROM mos.waiting_labels WHERE prediction_id = ?)")
        .param(id)
        .query(Boolean.class)
        .single();
  }

  private static double refused(MosHarness mos, String topic) {
    return mos.bean(MeterRegistry.class)
        .counter("handoff.monitoring.records", "topic", topic, "result", "refused")
        .count();
  }

  private static double gauge(MosHarness mos, String name, String... tags) {
    Gauge gauge =
        mos.bean(MeterRegistry.class)
            .find(name)
            .tags(tags)
            .tag("group", "persona-mos-predictions")
            .gauge();
    return gauge == null ? Double.NaN : gauge.value();
  }

  private static Map<String, @Nullable Object> features() {
    Map<String, @Nullable Object> features = new HashMap<>();
    features.put("recency_days", 12.5);
    features.put("segment", "gold");
    features.put("last_return_days", null);
    return features;
  }

  private static PredictionLog prediction(
      String modelId, String id, Map<String, @Nullable Object> features) {
    return prediction(modelId, id, false, "production", features);
  }

  private static PredictionLog prediction(String modelId, String id, boolean replay, String arm) {
    return prediction(modelId, id, replay, arm, features());
  }

  private static PredictionLog prediction(
      String modelId,
      String id,
      boolean replay,
      String arm,
      Map<String, @Nullable Object> features) {
    return new PredictionLog(
        id, NOON, modelId, VERSION, "0011", arm, replay, null, features, 0.8125, true, 3.25, null);
  }
}
