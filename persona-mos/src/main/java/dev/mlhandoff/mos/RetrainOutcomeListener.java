package dev.mlhandoff.mos;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ProjectOutcome;
import dev.mlhandoff.messages.ProjectOutcome.Rejection;
import dev.mlhandoff.messages.ProjectOutcome.Status;
import dev.mlhandoff.mos.Retrain.State;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;
import tools.jackson.core.JacksonException;

/** Learns how the runs that MOS ordered ended. */
class RetrainOutcomeListener {

  private static final Logger log = LoggerFactory.getLogger(RetrainOutcomeListener.class);

  private final Retrains retrains;

  RetrainOutcomeListener(Retrains retrains) {
    this.retrains = retrains;
  }

  @KafkaListener(topics = "project.outcomes.v1")
  void on(ConsumerRecord<byte[], byte[]> record) {
    ProjectOutcome outcome;
    try {
      outcome = Json.read(record.value(), ProjectOutcome.class);
    } catch (JacksonException | IllegalArgumentException e) {
      log.warn("no outcome at {}-{}@{}", record.topic(), record.partition(), record.offset());
      return;
    }
    Rejection rejection = outcome.rejection();
    retrains.ended(
        outcome.runId(),
        outcome.status() == Status.COMPLETED ? State.COMPLETED : State.REJECTED,
        rejection == null ? null : rejection.code(),
        rejection == null ? "" : rejection.message());
  }
}
