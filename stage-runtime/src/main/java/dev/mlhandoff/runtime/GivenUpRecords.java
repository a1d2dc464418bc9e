package dev.mlhandoff.runtime;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.KafkaOperations;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer.HeaderNames.HeadersToAdd;

/** Dead-letters a record with its original bytes, and rejects its run in the same transaction. */
final class GivenUpRecords implements BiConsumer<ConsumerRecord<?, ?>, Exception> {

  private static final Logger log = LoggerFactory.getLogger(GivenUpRecords.class);

  private final DeadLetterPublishingRecoverer deadLetters;
  private final StageRunners runners;
  private final MeterRegistry registry;

  GivenUpRecords(
      KafkaOperations<byte[], byte[]> template, StageRunners runners, MeterRegistry registry) {
    this.deadLetters =
        new DeadLetterPublishingRecoverer(
            template,
            (record, failure) -> new TopicPartition(record.topic() + ".dlt", record.partition()));
    // A stack trace would grow with every replay and tell the outside about the inside.
    deadLetters.excludeHeader(HeadersToAdd.EX_STACKTRACE);
    deadLetters.setFailIfSendResultIsError(true);
    this.runners = runners;
    this.registry = registry;
  }

  @Override
  @SuppressWarnings("unchecked") // every consumer of the shell reads bytes
  public void accept(ConsumerRecord<?, ?> record, Exception failure) {
    if (runners.isStopping()) {
      // However many tries fit between the cancelling of the work and the listener's end.
      throw new TransientException("the service is stopping", failure);
    }
    log.error("gave up {}-{}@{}", record.topic(), record.partition(), record.offset(), failure);
    registry.counter("handoff.dead.letters", "topic", record.topic()).increment();
    deadLetters.accept(record, failure);
    TransientException outage = find(failure);
    String code = outage == null ? "INTERNAL" : outage.code();
    String message =
        outage == null
            ? "an unexpected error; the record is kept for the operators"
            : "given up after several tries: " + outage.getMessage();
    runners
        .forTopic(record.topic())
        .ifPresent(runner -> runner.giveUp((ConsumerRecord<byte[], byte[]>) record, code, message));
  }

  private static @org.jspecify.annotations.Nullable TransientException find(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof TransientException found) {
        return found;
      }
    }
    return null;
  }
}
