package dev.mlhandoff.card;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.Topic;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.ConsumerFactory;
import tools.jackson.core.JacksonException;

/**
 * Reads a whole topic from its start by assignment, without a group, and goes on with it. After a
 * failure it begins again, so whoever takes the messages gets some of them twice.
 */
final class TopicFollower<T> implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(TopicFollower.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final ConsumerFactory<byte[], byte[]> consumers;
  private final Topic<T> topic;
  private final Consumer<T> taker;
  private final Runnable everySecond;
  private volatile boolean running;
  private volatile Thread reader = new Thread(this::run);

  /**
   * @param taker takes every message, in the order of its partition; nothing in it is sure to be
   *     set
   * @param everySecond done between messages, on the same thread
   */
  TopicFollower(
      ConsumerFactory<byte[], byte[]> consumers,
      Topic<T> topic,
      Consumer<T> taker,
      Runnable everySecond) {
    this.consumers = consumers;
    this.topic = topic;
    this.taker = taker;
    this.everySecond = everySecond;
  }

  @Override
  public void start() {
    running = true;
    reader = new Thread(this::run, topic.name());
    reader.setDaemon(true);
    reader.start();
  }

  @Override
  public void stop() {
    running = false;
    try {
      reader.join(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  private void run() {
    while (running) {
      try (var consumer = consumers.createConsumer(null, "-" + topic.name())) {
        follow(consumer);
      } catch (RuntimeException e) {
        log.warn("lost {}, reading it again: {}", topic.name(), e.toString());
        try {
          Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException interrupted) {
          return;
        }
      }
    }
  }

  private void follow(org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic.name()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    long last = System.nanoTime();
    while (running) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        take(record);
      }
      if (System.nanoTime() - last >= PAUSE.toNanos()) {
        everySecond.run();
        last = System.nanoTime();
      }
    }
  }

  /** Only what the record says may fail here; what the taker cannot do yet is tried again. */
  private void take(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      return;
    }
    T message;
    try {
      message = Json.read(record.value(), topic.valueType());
    } catch (JacksonException | NullPointerException e) {
      log.error("unreadable: {}-{}@{}", record.topic(), record.partition(), record.offset(), e);
      return;
    }
    if (message != null) {
      taker.accept(message);
    }
  }
}
