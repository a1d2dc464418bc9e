package dev.mlhandoff.esc;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.StageCompleted;
import dev.mlhandoff.messages.StageIds;
import java.time.Clock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import tools.jackson.core.JacksonException;

/** Notes every attempt that left a journal: off the way of the stage, which knows no tracker. */
class TrackingListener {

  private final TrackingQueue queue;
  private final Clock clock;

  TrackingListener(TrackingQueue queue, Clock clock) {
    this.queue = queue;
    this.clock = clock;
  }

  @KafkaListener(topics = "pipeline.events.v1", groupId = "${spring.application.name}-tracking")
  void on(ConsumerRecord<byte[], byte[]> record) {
    PipelineEvent event;
    try {
      event = Json.read(record.value(), PipelineEvent.class);
    } catch (JacksonException | IllegalArgumentException e) {
      return; // the card service says that it cannot be read
    }
    if (event instanceof StageCompleted completed
        && completed.deliverable().stage().equals(StageIds.TRAINING)
        && AttemptReplay.hasJournal(completed.deliverable())) {
      queue.add(event.runId(), completed.deliverable(), clock.instant());
    }
  }
}
