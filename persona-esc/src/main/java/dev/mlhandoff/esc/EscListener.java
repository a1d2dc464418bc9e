package dev.mlhandoff.esc;

import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.runtime.StageRunner;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;

/** Takes features to train on, and attempts that the gate sent back. */
class EscListener {

  private final StageRunner<StageHandoff, Step> runner;

  EscListener(StageRunner<StageHandoff, Step> runner) {
    this.runner = runner;
  }

  @KafkaListener(topics = "stage.esc.v1")
  void on(ConsumerRecord<byte[], byte[]> handoff) {
    runner.handle(handoff);
  }
}
