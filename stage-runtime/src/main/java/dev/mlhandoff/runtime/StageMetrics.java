package dev.mlhandoff.runtime;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;

/** What the shell measures of one stage; every label is bounded. */
final class StageMetrics {

  private final MeterRegistry registry;
  private final String stage;

  StageMetrics(MeterRegistry registry, String stage) {
    this.registry = registry;
    this.stage = stage;
  }

  void completed(long queueMs, long workMs, boolean resumed) {
    registry.timer("handoff.stage.queue", "stage", stage).record(queueMs, TimeUnit.MILLISECONDS);
    if (resumed) {
      registry.counter("handoff.stage.resumed", "stage", stage).increment();
    } else {
      registry.timer("handoff.stage.work", "stage", stage).record(workMs, TimeUnit.MILLISECONDS);
    }
  }

  void rejected(String code) {
    registry.counter("handoff.stage.rejections", "stage", stage, "code", code).increment();
  }
}
