package dev.mlhandoff.ior;

import dev.mlhandoff.messages.BatchOrder;
import dev.mlhandoff.runtime.StageRunner;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;

/** Takes orders to score the current entities of a model. */
class BatchListener {

  private final StageRunner<BatchOrder, BatchStage.Scored> runner;

  BatchListener(StageRunner<BatchOrder, BatchStage.Scored> runner) {
    this.runner = runner;
  }

  @KafkaListener(topics = "batch.orders.v1")
  void on(ConsumerRecord<byte[], byte[]> order) {
    runner.handle(order);
  }
}
