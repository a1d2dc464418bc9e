package dev.mlhandoff.e2e.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mlhandoff.messages.AccessRule;
import dev.mlhandoff.messages.Party;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A party's plain producer and consumer, and whether the broker refuses what they try. */
final class Client implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final byte[] KEY = "key".getBytes(UTF_8);

  private final Party party;
  private final Map<String, Object> connection;
  private final KafkaProducer<byte[], byte[]> producer;

  Client(Party party, Map<String, Object> connection) {
    this.party = party;
    this.connection = connection;
    producer = producer(Map.of());
  }

  boolean mayWrite(String topic) throws InterruptedException {
    return allowed(
        () -> producer.send(new ProducerRecord<>(topic, 0, KEY, "{}".getBytes(UTF_8))).get());
  }

  boolean mayRead(String topic) throws InterruptedException {
    return allowed(() -> read(Map.of(), topic));
  }

  /** Whether the party may join the group of another, on a topic of that one. */
  boolean mayJoin(Party other, String topic) throws InterruptedException {
    String group = AccessRule.groupPrefix(other);
    return allowed(() -> join(Map.of("group.id", group), topic));
  }

  /** Whether the party may take over the transactions of another. */
  boolean mayTransactAs(Party other) throws InterruptedException {
    String id = AccessRule.groupPrefix(other) + "-local-0";
    return allowed(
        () -> {
          try (KafkaProducer<byte[], byte[]> taker = producer(Map.of("transactional.id", id))) {
            taker.initTransactions();
          }
        });
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }

  /** Something that the broker may refuse. */
  private interface Act {
    void run() throws ExecutionException, InterruptedException;
  }

  private boolean allowed(Act act) throws InterruptedException {
    try {
      act.run();
      return true;
    } catch (ExecutionException e) {
      return refusedOrThrow(e);
    } catch (KafkaException e) {
      return refusedOrThrow(e);
    }
  }

  private boolean refusedOrThrow(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof AuthorizationException) {
        return false;
      }
    }
    throw new AssertionError(party + " failed in another way", failure);
  }

  private void read(Map<String, Object> further, String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(further)) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      // The position is answered once the broker allowed a look; the first fetch is what is
      // refused.
      consumer.position(partition, PATIENCE);
      consumer.poll(Duration.ofMillis(300));
      consumer.poll(Duration.ofMillis(300));
    }
  }

  private void join(Map<String, Object> further, String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(further)) {
      consumer.assign(List.of(new TopicPartition(topic, 0)));
      consumer.committed(Set.of(new TopicPartition(topic, 0)), PATIENCE);
    }
  }

  private KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> further) {
    Map<String, Object> settings = new HashMap<>(connection);
    settings.put("auto.offset.reset", "earliest");
    settings.putAll(further);
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private KafkaProducer<byte[], byte[]> producer(Map<String, Object> further) {
    Map<String, Object> settings = new HashMap<>(connection);
    settings.put("linger.ms", "0");
    settings.put("max.block.ms", String.valueOf(PATIENCE.toMillis()));
    settings.putAll(further);
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }
}
