package dev.mlhandoff.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * Asks the broker how far groups are behind. An end offset alone does not tell: the last record of
 * a topic that is written in transactions is a marker, which no group ever commits.
 */
final class BacklogReader implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Admin admin;
  private final Consumer<byte[], byte[]> consumer;
  private final Set<Span> empty = new HashSet<>();

  /** Offsets of a partition, the first one included. */
  private record Span(TopicPartition partition, long from, long to) {}

  /**
   * @param consumer joins no group, for it is given its partitions; reads committed records only
   */
  BacklogReader(Admin admin, Consumer<byte[], byte[]> consumer) {
    this.admin = admin;
    this.consumer = consumer;
  }

  /** What a group has still to do on each of the topics. */
  Map<String, Backlog> backlogs(String group, Collection<String> topics) {
    Set<TopicPartition> partitions = new HashSet<>();
    topics.forEach(topic -> partitions.addAll(partitions(topic)));
    Map<TopicPartition, OffsetAndMetadata> committed =
        await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
            .orElse(Map.of());
    Map<TopicPartition, Long> beginnings = offsets(partitions, OffsetSpec.earliest());
    Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
    Set<Span> behind = new HashSet<>();
    for (TopicPartition partition : partitions) {
      OffsetAndMetadata position = committed.get(partition);
      long first = beginnings.getOrDefault(partition, 0L);
      long from = position == null ? first : Math.max(first, position.offset());
      long end = ends.getOrDefault(partition, 0L);
      if (from < end) {
        behind.add(new Span(partition, from, end));
      }
    }
    Map<String, Backlog> backlogs = new HashMap<>();
    topics.forEach(topic -> backlogs.put(topic, Backlog.NONE));
    firstRecords(behind)
        .forEach(
            (span, oldest) ->
                backlogs.merge(
                    span.partition().topic(),
                    new Backlog(span.to() - span.from(), oldest),
                    Backlog::plus));
    return backlogs;
  }

  /** How many members a group has. */
  int members(String group) {
    return await(admin.describeConsumerGroups(List.of(group)).all())
        .map(groups -> groups.get(group))
        .map(description -> description.members().size())
        .orElse(0);
  }

  /** How many offsets a topic holds, markers of transactions among them. */
  long kept(String topic) {
    List<TopicPartition> partitions = partitions(topic);
    Map<TopicPartition, Long> beginnings = offsets(partitions, OffsetSpec.earliest());
    long kept = 0;
    for (Map.Entry<TopicPartition, Long> end :
        offsets(partitions, OffsetSpec.latest()).entrySet()) {
      kept += end.getValue() - beginnings.getOrDefault(end.getKey(), 0L);
    }
    return kept;
  }

  @Override
  public void close() {
    consumer.close();
    admin.close();
  }

  /** The time of the first record in each span that holds one. */
  private Map<Span, Instant> firstRecords(Set<Span> spans) {
    Map<TopicPartition, Span> open = new HashMap<>();
    for (Span span : spans) {
      if (!empty.contains(span)) {
        open.put(span.partition(), span);
      }
    }
    empty.removeIf(span -> open.containsKey(span.partition()));
    consumer.assign(open.keySet());
    // What was assigned before keeps the pause in which the last measurement left it.
    consumer.resume(open.keySet());
    open.values().forEach(span -> consumer.seek(span.partition(), span.from()));
    Map<Span, Instant> found = new HashMap<>();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!open.isEmpty() && System.nanoTime() < end) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        Span span = open.remove(partition);
        if (span != null) {
          found.put(span, Instant.ofEpochMilli(record.timestamp()));
          consumer.pause(List.of(partition));
        }
      }
      for (Span span : List.copyOf(open.values())) {
        if (consumer.position(span.partition()) >= span.to()) {
          open.remove(span.partition());
          empty.add(span);
        }
      }
    }
    if (!open.isEmpty()) {
      throw new TransientException("the broker did not answer", null);
    }
    return found;
  }

  /** Of committed records only; a consumer would warn about partitions that it does not read. */
  private Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, OffsetSpec at) {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    partitions.forEach(partition -> wanted.put(partition, at));
    Map<TopicPartition, Long> offsets = new HashMap<>();
    await(admin.listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)).all())
        .orElse(Map.of())
        .forEach((partition, found) -> offsets.put(partition, found.offset()));
    return offsets;
  }

  private List<TopicPartition> partitions(String topic) {
    return consumer.partitionsFor(topic).stream()
        .map(info -> new TopicPartition(info.topic(), info.partition()))
        .toList();
  }

  /** Empty if there is no such group. */
  private static <T> Optional<T> await(KafkaFuture<T> answer) {
    try {
      return Optional.of(answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransientException("interrupted while asking the broker", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return Optional.empty();
      }
      throw new TransientException("the broker did not answer", e);
    } catch (TimeoutException e) {
      throw new TransientException("the broker did not answer", e);
    }
  }
}
