package dev.mlhandoff.card;

import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.ConsumerFactory;

/**
 * Before the listener starts: folds again what the group has committed but the database does not
 * hold, because it was lost or came from an older backup. Nothing is sent, for the outcome of a
 * committed record was committed with it.
 */
final class Rebuild implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(Rebuild.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final int REPORT_EVERY = 10_000;

  private final ConsumerFactory<byte[], byte[]> consumers;
  private final RunStore runs;
  private final EventFold fold;
  private volatile boolean running;

  Rebuild(ConsumerFactory<byte[], byte[]> consumers, RunStore runs, EventFold fold) {
    this.consumers = consumers;
    this.runs = runs;
    this.fold = fold;
  }

  /** Earlier than the listener containers, which come among the last. */
  @Override
  public int getPhase() {
    return 0;
  }

  @Override
  public void start() {
    running = true;
    Properties larger = new Properties();
    larger.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "500");
    try (Consumer<byte[], byte[]> consumer =
        consumers.createConsumer(null, null, "-rebuild", larger)) {
      catchUp(consumer);
    }
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  private void catchUp(Consumer<byte[], byte[]> consumer) {
    Map<TopicPartition, Long> ends = behind(consumer);
    if (ends.isEmpty()) {
      return;
    }
    log.info("folding again what {} partitions hold and the database does not", ends.size());
    consumer.assign(ends.keySet());
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(ends.keySet());
    for (TopicPartition partition : ends.keySet()) {
      long from = runs.nextOffset(partition.topic(), partition.partition());
      long first = beginnings.getOrDefault(partition, 0L);
      if (from < first) {
        log.warn("{}: records {} to {} are gone, and what they said", partition, from, first - 1);
      }
      consumer.seek(partition, Math.max(from, first));
    }
    Set<TopicPartition> open = new HashSet<>(ends.keySet());
    long folded = 0;
    while (!open.isEmpty()) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        if (record.offset() < ends.getOrDefault(partition, 0L)) {
          fold(record);
          folded++;
          if (folded % REPORT_EVERY == 0) {
            log.info("{} events folded", folded);
          }
        }
      }
      open.removeIf(partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L));
      consumer.pause(
          ends.keySet().stream().filter(p -> !open.contains(p)).collect(Collectors.toSet()));
    }
    log.info("{} events folded again", folded);
  }

  /** Up to where each partition is committed, where the database knows less. */
  private Map<TopicPartition, Long> behind(Consumer<byte[], byte[]> consumer) {
    Set<TopicPartition> partitions =
        consumer.partitionsFor(Topics.PIPELINE_EVENTS.name()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .collect(Collectors.toSet());
    Map<TopicPartition, Long> ends = new HashMap<>();
    for (Map.Entry<TopicPartition, OffsetAndMetadata> entry :
        consumer.committed(partitions).entrySet()) {
      TopicPartition partition = entry.getKey();
      OffsetAndMetadata committed = entry.getValue();
      if (committed != null
          && committed.offset() > runs.nextOffset(partition.topic(), partition.partition())) {
        ends.put(partition, committed.offset());
      }
    }
    return ends;
  }

  private void fold(ConsumerRecord<byte[], byte[]> record) {
    EventPosition position = EventPosition.of(record);
    Optional<PipelineEvent> event = EventListener.read(record);
    if (event.isPresent()) {
      fold.fold(new RecordedEvent(position, event.get()));
    } else {
      fold.skip(position);
    }
  }
}
