package dev.mlhandoff.far;

import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.runtime.StageRunner;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;

/** Takes cleaned datasets. */
class FarListener {

  private final StageRunner<StageHandoff, FarOutput> runner;

  FarListener(StageRunner<StageHandoff, FarOutput> runner) {
    this.runner = runner;
  }

  @KafkaListener(topics = "stage.far.v1")
  void on(ConsumerRecord<byte[], byte[]> handoff) {
    runner.handle(handoff);
  }
}
