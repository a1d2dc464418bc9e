package dev.mlhandoff.gate;

import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.runtime.StageRunner;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;

/** Takes attempts to judge. */
class QualityListener {

  private final StageRunner<StageHandoff, QualityOutput> runner;

  QualityListener(StageRunner<StageHandoff, QualityOutput> runner) {
    this.runner = runner;
  }

  @KafkaListener(topics = "stage.gate.v1")
  void on(ConsumerRecord<byte[], byte[]> handoff) {
    runner.handle(handoff);
  }
}
