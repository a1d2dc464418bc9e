package dev.mlhandoff.ior;

import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.runtime.StageRunner;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;

/** Takes models that passed the gate. */
class IorListener {

  private final StageRunner<StageHandoff, Deliverable> runner;

  IorListener(StageRunner<StageHandoff, Deliverable> runner) {
    this.runner = runner;
  }

  @KafkaListener(topics = "stage.ior.v1")
  void on(ConsumerRecord<byte[], byte[]> handoff) {
    runner.handle(handoff);
  }
}
