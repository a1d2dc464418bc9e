package dev.mlhandoff.e2e.crash;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** A committed record as it stands in its topic. */
record LoggedRecord(
    String topic, int partition, long offset, long timestamp, @Nullable String key, String value) {

  static LoggedRecord of(ConsumerRecord<byte[], byte[]> record) {
    return new LoggedRecord(
        record.topic(),
        record.partition(),
        record.offset(),
        record.timestamp(),
        text(record.key()),
        Objects.requireNonNullElse(text(record.value()), ""));
  }

  /** The value as it was sent; empty for a record that deletes its key. */
  byte[] bytes() {
    return value.getBytes(StandardCharsets.UTF_8);
  }

  private static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  String place() {
    return topic + "-" + partition + "@" + offset;
  }
}
