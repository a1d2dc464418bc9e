package dev.mlhandoff.cli;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PredictionLabel;
import dev.mlhandoff.messages.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Publishes what came true. What is underway at the end is waited for; what the broker did not take
 * is counted and told then.
 */
final class TrueOutcomes implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicLong lost = new AtomicLong();

  /**
   * @param client what a client needs to connect
   */
  TrueOutcomes(Map<String, Object> client) {
    this.producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
  }

  void tell(String predictionId, boolean outcome) {
    PredictionLabel label = new PredictionLabel(predictionId, outcome, Instant.now());
    var unused =
        producer.send(
            new ProducerRecord<>(
                Topics.PREDICTION_LABELS.name(),
                predictionId.getBytes(StandardCharsets.UTF_8),
                Json.write(label)),
            (taken, failure) -> {
              if (failure != null) {
                lost.incrementAndGet();
              }
            });
  }

  @Override
  public void close() {
    producer.close(PATIENCE);
    if (lost.get() > 0) {
      System.err.println("the broker did not take " + lost.get() + " outcomes");
    }
  }
}
