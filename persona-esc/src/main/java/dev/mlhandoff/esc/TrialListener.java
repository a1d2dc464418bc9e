package dev.mlhandoff.esc;

import dev.mlhandoff.messages.Trial;
import dev.mlhandoff.messages.TrialResult;
import dev.mlhandoff.runtime.StageRunner;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;

/** Takes trials, as many at a time as there are cores; every replica takes its share. */
class TrialListener {

  private final StageRunner<Trial, TrialResult> runner;
  private final int threads;

  TrialListener(StageRunner<Trial, TrialResult> runner, int threads) {
    this.runner = runner;
    this.threads = threads;
  }

  /** Read by the annotation below. */
  public int threads() {
    return threads;
  }

  @KafkaListener(
      topics = "esc.trials.v1",
      groupId = "${spring.application.name}-trials",
      concurrency = "#{__listener.threads()}")
  void on(ConsumerRecord<byte[], byte[]> trial) {
    runner.handle(trial);
  }
}
