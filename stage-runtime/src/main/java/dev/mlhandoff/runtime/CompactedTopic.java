package dev.mlhandoff.runtime;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.ConsumerFactory;
import tools.jackson.core.JacksonException;

/** A small topic of state, read as a whole: the newest value of every key. */
public final class CompactedTopic<T> {

  private static final Logger log = LoggerFactory.getLogger(CompactedTopic.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ConsumerFactory<byte[], byte[]> consumers;
  private final Topic<T> topic;

  public CompactedTopic(ConsumerFactory<byte[], byte[]> consumers, Topic<T> topic) {
    this.consumers = consumers;
    this.topic = topic;
  }

  /**
   * Everything that was committed when the call began, by key. A value that cannot be read is left
   * out.
   *
   * @throws TransientException if the broker does not answer
   */
  public SortedMap<String, T> read() {
    SortedMap<String, T> values = new TreeMap<>();
    try (Consumer<byte[], byte[]> consumer = consumers.createConsumer(null, "-state")) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic.name()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      long giveUp = System.nanoTime() + PATIENCE.toNanos();
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        if (System.nanoTime() > giveUp) {
          throw new TransientException("the end of " + topic.name() + " was not reached", null);
        }
        consumer.poll(POLL).forEach(record -> take(record, values));
      }
      return values;
    } catch (KafkaException e) {
      throw new TransientException("the topic " + topic.name() + " cannot be read", e);
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record, SortedMap<String, T> values) {
    if (record.key() == null) {
      return;
    }
    String key = new String(record.key(), StandardCharsets.UTF_8);
    if (record.value() == null) {
      values.remove(key);
      return;
    }
    try {
      values.put(key, Json.read(record.value(), topic.valueType()));
    } catch (JacksonException | NullPointerException e) {
      log.error("no state at {}-{}@{}", record.topic(), record.partition(), record.offset(), e);
    }
  }
}
