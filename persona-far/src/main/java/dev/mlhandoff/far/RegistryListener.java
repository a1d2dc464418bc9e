package dev.mlhandoff.far;

import dev.mlhandoff.messages.FeatureView;
import dev.mlhandoff.runtime.StageRunner;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;

/** Takes registered feature views. */
class RegistryListener {

  private final StageRunner<FeatureView, RegistryStage.Registered> runner;

  RegistryListener(StageRunner<FeatureView, RegistryStage.Registered> runner) {
    this.runner = runner;
  }

  @KafkaListener(topics = "feature.views.v1")
  void on(ConsumerRecord<byte[], byte[]> view) {
    if (view.value() != null) {
      runner.handle(view);
    }
  }
}
