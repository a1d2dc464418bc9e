package dev.mlhandoff.card;

import java.util.Comparator;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The record that carried an event. All events of a run lie in one partition, in order. */
record EventPosition(String topic, int partition, long offset)
    implements Comparable<EventPosition> {

  private static final Comparator<EventPosition> ORDER =
      Comparator.comparing(EventPosition::topic)
          .thenComparingInt(EventPosition::partition)
          .thenComparingLong(EventPosition::offset);

  static EventPosition of(ConsumerRecord<?, ?> record) {
    return new EventPosition(record.topic(), record.partition(), record.offset());
  }

  /** The later of the two. */
  EventPosition max(EventPosition other) {
    return compareTo(other) >= 0 ? this : other;
  }

  @Override
  public int compareTo(EventPosition other) {
    return ORDER.compare(this, other);
  }
}
