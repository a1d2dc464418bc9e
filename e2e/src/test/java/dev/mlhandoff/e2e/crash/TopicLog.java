package dev.mlhandoff.e2e.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads everything a broker holds that is committed, and says whether its consumers are done. */
final class TopicLog {

  private static final Duration POLL = Duration.ofMillis(200);
  private static final long TIMEOUT_SECONDS = 30;

  private final String bootstrap;

  TopicLog(String bootstrap) {
    this.bootstrap = bootstrap;
  }

  /** All committed records of all topics, from the start to where they end now. */
  List<LoggedRecord> read() {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed");
    List<LoggedRecord> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = new ArrayList<>();
      consumer
          .listTopics()
          .forEach(
              (topic, all) -> {
                if (!topic.startsWith("__")) {
                  all.forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
                }
              });
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(POLL).forEach(record -> records.add(LoggedRecord.of(record)));
      }
    }
    return records;
  }

  /**
   * The records that some consumer group has yet to commit. A committed offset may stand before the
   * marker of its own transaction, so records are compared and not the ends of partitions.
   *
   * @param topics only of these
   */
  List<String> pending(List<LoggedRecord> records, Set<String> topics) throws Exception {
    List<String> pending = new ArrayList<>();
    Set<String> consumed = new HashSet<>();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      for (GroupListing group : admin.listGroups().all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        Map<TopicPartition, OffsetAndMetadata> offsets =
            new HashMap<>(
                admin
                    .listConsumerGroupOffsets(group.groupId())
                    .partitionsToOffsetAndMetadata()
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS));
        Set<String> worksOn = new HashSet<>();
        offsets.keySet().forEach(partition -> worksOn.add(partition.topic()));
        for (LoggedRecord record : records) {
          if (!topics.contains(record.topic()) || !worksOn.contains(record.topic())) {
            continue;
          }
          consumed.add(record.topic());
          OffsetAndMetadata done =
              offsets.get(new TopicPartition(record.topic(), record.partition()));
          if (done == null || done.offset() <= record.offset()) {
            pending.add(group.groupId() + " has yet to commit " + record.place());
          }
        }
      }
    }
    for (LoggedRecord record : records) {
      if (topics.contains(record.topic()) && !consumed.contains(record.topic())) {
        pending.add("nobody has committed " + record.place());
      }
    }
    return pending;
  }
}
