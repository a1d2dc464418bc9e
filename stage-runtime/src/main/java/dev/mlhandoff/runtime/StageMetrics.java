package dev.mlhandoff.runtime;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What the shell measures of one stage; every label is bounded. */
final class StageMetrics {

  private final MeterRegistry registry;
  private final String stage;
  private final AtomicInteger inFlight = new AtomicInteger();

  StageMetrics(MeterRegistry registry, String stage) {
    this.registry = registry;
    this.stage = stage;
    Gauge.builder("handoff.stage.in.flight", inFlight, AtomicInteger::get)
        .description("records being worked on")
        .tag("stage", stage)
        .register(registry);
  }

  void began() {
    inFlight.incrementAndGet();
  }

  void ended() {
    inFlight.decrementAndGet();
  }

  void completed(long queueMs, long workMs, boolean resumed) {
    registry.timer("handoff.stage.queue", "stage", stage).record(queueMs, TimeUnit.MILLISECONDS);
    if (resumed) {
      registry.counter("handoff.stage.resumed", "stage", stage).increment();
    } else {
      registry.timer("handoff.stage.work", "stage", stage).record(workMs, TimeUnit.MILLISECONDS);
    }
  }

  /** From the end of the work to the commit of what it led to. */
  void published(Duration taken) {
    registry.timer("handoff.stage.publish", "stage", stage).record(taken);
  }

  void rejected(String code) {
    registry.counter("handoff.stage.rejections", "stage", stage, "code", code).increment();
  }
}
