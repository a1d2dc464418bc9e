package dev.mlhandoff.mos;

import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.runtime.StageRunner;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;

/** Takes models to bring into production; it only records them. */
class MosListener {

  private final StageRunner<StageHandoff, MosConfiguration.Staged> runner;

  MosListener(StageRunner<StageHandoff, MosConfiguration.Staged> runner) {
    this.runner = runner;
  }

  @KafkaListener(topics = "stage.mos.v1")
  void on(ConsumerRecord<byte[], byte[]> handoff) {
    runner.handle(handoff);
  }
}
