package dev.mlhandoff.por;

import dev.mlhandoff.messages.ProjectRequest;
import dev.mlhandoff.runtime.StageRunner;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;

/** Takes project requests. */
class PorListener {

  private final StageRunner<ProjectRequest, PorOutput> runner;

  PorListener(StageRunner<ProjectRequest, PorOutput> runner) {
    this.runner = runner;
  }

  @KafkaListener(topics = "project.requests.v1")
  void on(ConsumerRecord<byte[], byte[]> request) {
    runner.handle(request);
  }
}
