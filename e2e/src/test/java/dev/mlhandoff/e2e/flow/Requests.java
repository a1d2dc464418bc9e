package dev.mlhandoff.e2e.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ProjectOutcome;
import dev.mlhandoff.messages.RequestSource;
import dev.mlhandoff.messages.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
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

/** A user of the system: knows two topics and JSON, and nothing else of it. */
final class Requests implements AutoCloseable {

  private final String broker;
  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<RequestSource, List<ProjectOutcome>> outcomes = new HashMap<>();

  Requests(String broker) {
    this.broker = broker;
    Properties client = new Properties();
    client.put("bootstrap.servers", broker);
    client.put("max.request.size", 4 * 1024 * 1024);
    client.put("isolation.level", "read_committed");
    this.producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
    this.consumer = consumer(client, Topics.PROJECT_OUTCOMES.name());
  }

  /** Publishes a request; requests of one key are worked on in their order. */
  RequestSource publish(byte @Nullable [] key, byte @Nullable [] value, List<Header> headers)
      throws InterruptedException, ExecutionException {
    RecordMetadata place =
        producer
            .send(new ProducerRecord<>(Topics.PROJECT_REQUESTS.name(), null, key, value, headers))
            .get();
    return new RequestSource(place.topic(), place.partition(), place.offset());
  }

  /** The outcomes of each request, once every one of them has at least one. */
  Map<RequestSource, List<ProjectOutcome>> await(
      Collection<RequestSource> requests, Duration patience) {
    Instant end = Instant.now().plus(patience);
    while (!outcomes.keySet().containsAll(requests)) {
      List<RequestSource> missing = new ArrayList<>(requests);
      missing.removeAll(outcomes.keySet());
      assertThat(Instant.now()).as("still without outcome: %s", missing).isBefore(end);
      poll();
    }
    return outcomes;
  }

  /** Every record of a topic, up to what is there now. */
  List<ConsumerRecord<byte[], byte[]>> all(String topic) {
    Properties client = new Properties();
    client.put("bootstrap.servers", broker);
    client.put("isolation.level", "read_committed");
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> reader = consumer(client, topic)) {
      Map<TopicPartition, Long> ends = reader.endOffsets(reader.assignment());
      while (ends.entrySet().stream().anyMatch(e -> reader.position(e.getKey()) < e.getValue())) {
        reader.poll(Duration.ofMillis(200)).forEach(records::add);
      }
    }
    return records;
  }

  @Override
  public void close() {
    producer.close();
    consumer.close();
  }

  private void poll() {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
      ProjectOutcome outcome = Json.read(record.value(), ProjectOutcome.class);
      RequestSource source = outcome.source();
      if (source != null) {
        outcomes.computeIfAbsent(source, s -> new ArrayList<>()).add(outcome);
      }
    }
  }

  private static KafkaConsumer<byte[], byte[]> consumer(Properties client, String topic) {
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return consumer;
  }
}
