package dev.mlhandoff.gate;

import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.runtime.StageRunner;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;

/** Takes runs to audit. */
class GovernanceListener {

  private final StageRunner<StageHandoff, GovernanceOutput> runner;

  GovernanceListener(StageRunner<StageHandoff, GovernanceOutput> runner) {
    this.runner = runner;
  }

  @KafkaListener(topics = "stage.gca.v1")
  void on(ConsumerRecord<byte[], byte[]> handoff) {
    runner.handle(handoff);
  }
}
