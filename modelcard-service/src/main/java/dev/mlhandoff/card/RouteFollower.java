package dev.mlhandoff.card;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.RouteTable;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.MessagePublisher;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.ConsumerFactory;
import tools.jackson.core.JacksonException;

/**
 * Reads the whole routes topic by assignment, without a group, and keeps the cards in step with it.
 */
final class RouteFollower implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(RouteFollower.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final ConsumerFactory<byte[], byte[]> consumers;
  private final CardBook cards;
  private final MessagePublisher publisher;
  private volatile boolean running;
  private volatile Thread reader = new Thread(this::run, "routes");

  RouteFollower(
      ConsumerFactory<byte[], byte[]> consumers, CardBook cards, MessagePublisher publisher) {
    this.consumers = consumers;
    this.cards = cards;
    this.publisher = publisher;
  }

  @Override
  public void start() {
    running = true;
    reader = new Thread(this::run, "routes");
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

  /** After a failure the topic is read from the start again: lower revisions change nothing. */
  private void run() {
    while (running) {
      try (Consumer<byte[], byte[]> consumer = consumers.createConsumer(null, "-routes")) {
        follow(consumer);
      } catch (RuntimeException e) {
        log.warn("lost the routes, reading them again: {}", e.toString());
        try {
          Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException interrupted) {
          return;
        }
      }
    }
  }

  private void follow(Consumer<byte[], byte[]> consumer) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(Topics.SERVING_ROUTES.name()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    long announcedAt = System.nanoTime();
    while (running) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        take(record);
      }
      if (System.nanoTime() - announcedAt >= PAUSE.toNanos()) {
        cards.announceChanges(
            entry -> publisher.sendNow(Topics.MODEL_CARDS, entry.key(), entry.card()));
        announcedAt = System.nanoTime();
      }
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      return;
    }
    RouteTable table;
    try {
      table = Json.read(record.value(), RouteTable.class);
    } catch (JacksonException | NullPointerException e) {
      log.error("no route at {}-{}@{}", record.topic(), record.partition(), record.offset(), e);
      return;
    }
    if (table != null && table.modelId() != null) {
      cards.follow(table);
    }
  }
}
