package dev.mlhandoff.mos;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.MessageSchema;
import dev.mlhandoff.messages.PredictionLabel;
import dev.mlhandoff.messages.PredictionLog;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.mos.PredictionStore.Stretch;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Turns records into rows. What anybody may publish cannot stop it: a record that is no prediction
 * or label, or that the database will not take, is logged, counted and passed over.
 */
final class PredictionIntake {

  private static final Logger log = LoggerFactory.getLogger(PredictionIntake.class);
  private static final int LONGEST_ID = 200;

  private final PredictionStore store;
  private final MeterRegistry registry;
  private final MessageSchema predictionSchema = MessageSchema.of("prediction-log");
  private final MessageSchema labelSchema = MessageSchema.of("prediction-label");

  PredictionIntake(PredictionStore store, MeterRegistry registry) {
    this.store = store;
    this.registry = registry;
  }

  /** A record that is not what its topic carries. */
  private static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String reason) {
      super(reason);
    }
  }

  /** Stores records, in the order of each partition. */
  void take(List<ConsumerRecord<byte[], byte[]>> records) {
    try {
      store(records);
    } catch (DataIntegrityViolationException e) {
      // Halving finds the record that the database refuses, and stores all others.
      if (records.size() == 1) {
        ConsumerRecord<byte[], byte[]> refused = records.get(0);
        // Only the first line: the others quote the record.
        String reason = String.valueOf(e.getMostSpecificCause().getMessage());
        refuse(refused, reason.lines().findFirst().orElse(""));
        store.add(List.of(), List.of(), stretches(records));
      } else {
        int half = records.size() / 2;
        take(records.subList(0, half));
        take(records.subList(half, records.size()));
      }
    }
  }

  private void store(List<ConsumerRecord<byte[], byte[]>> records) {
    List<PredictionLog> predictions = new ArrayList<>();
    List<PredictionLabel> labels = new ArrayList<>();
    Map<ConsumerRecord<byte[], byte[]>, String> refused = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      try {
        if (record.topic().equals(Topics.PREDICTIONS.name())) {
          predictions.add(prediction(record));
        } else {
          labels.add(label(record));
        }
      } catch (RefusedException e) {
        refused.put(record, String.valueOf(e.getMessage()));
      }
    }
    store.add(predictions, labels, stretches(records));
    refused.forEach(this::refuse);
    count(Topics.PREDICTIONS.name(), "stored", predictions.size());
    count(Topics.PREDICTION_LABELS.name(), "stored", labels.size());
  }

  private PredictionLog prediction(ConsumerRecord<byte[], byte[]> record) throws RefusedException {
    return read(record, predictionSchema, PredictionLog.class);
  }

  private PredictionLabel label(ConsumerRecord<byte[], byte[]> record) throws RefusedException {
    PredictionLabel label = read(record, labelSchema, PredictionLabel.class);
    if (label.predictionId().length() > LONGEST_ID) {
      throw new RefusedException("no prediction has so long an id");
    }
    return label.at() != null
        ? label
        : new PredictionLabel(
            label.predictionId(), label.outcome(), Instant.ofEpochMilli(record.timestamp()));
  }

  private static <T> T read(
      ConsumerRecord<byte[], byte[]> record, MessageSchema schema, Class<T> type)
      throws RefusedException {
    if (record.value() == null) {
      throw new RefusedException("it has no value");
    }
    try {
      JsonNode tree = Json.tree(record.value());
      List<MessageSchema.Violation> violations = schema.violations(tree);
      if (!violations.isEmpty()) {
        MessageSchema.Violation first = violations.get(0);
        throw new RefusedException(first.pointer() + ": " + first.message());
      }
      return Objects.requireNonNull(Json.convert(tree, type));
    } catch (JacksonException e) {
      throw new RefusedException(e.getOriginalMessage());
    }
  }

  private void refuse(ConsumerRecord<byte[], byte[]> record, String reason) {
    log.warn(
        "passed over {}-{}@{}: {}", record.topic(), record.partition(), record.offset(), reason);
    count(record.topic(), "refused", 1);
  }

  private void count(String topic, String result, int records) {
    registry
        .counter("handoff.monitoring.records", "topic", topic, "result", result)
        .increment(records);
  }

  private static Collection<Stretch> stretches(List<ConsumerRecord<byte[], byte[]>> records) {
    Map<TopicPartition, Stretch> stretches = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      stretches.merge(
          new TopicPartition(record.topic(), record.partition()),
          new Stretch(record.topic(), record.partition(), record.offset(), record.offset() + 1),
          (a, b) -> new Stretch(a.topic(), a.partition(), a.first(), b.next()));
    }
    return stretches.values();
  }
}
