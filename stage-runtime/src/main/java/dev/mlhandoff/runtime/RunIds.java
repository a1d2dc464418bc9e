package dev.mlhandoff.runtime;

import dev.mlhandoff.messages.RequestSource;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Identity of runs: derived from where the request stands, so that a redelivery finds the same. */
public final class RunIds {

  private static final Pattern RUN_ID = Pattern.compile("run-[0-9a-f]{16}");

  private RunIds() {}

  /**
   * The run id of the request in this record. The timestamp is part of it, so that a topic that was
   * deleted and made again does not meet the artifacts of its former life.
   */
  public static String of(ConsumerRecord<?, ?> record) {
    return of(record.topic(), record.partition(), record.offset(), record.timestamp());
  }

  /** The run id of the request at this position; a producer knows it from the acknowledgement. */
  public static String of(String topic, int partition, long offset, long timestamp) {
    String position = topic + "-" + partition + "-" + offset + "-" + timestamp;
    return "run-" + Digests.sha256(position.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
  }

  /** Whether a text has the form of a run id; only such texts may stand in a path. */
  public static boolean isRunId(@Nullable String text) {
    return text != null && RUN_ID.matcher(text).matches();
  }

  /** Where a record stands. */
  public static RequestSource source(ConsumerRecord<?, ?> record) {
    return new RequestSource(record.topic(), record.partition(), record.offset());
  }
}
