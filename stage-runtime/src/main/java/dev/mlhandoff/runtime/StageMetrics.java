package dev.mlhandoff.runtime;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What the shell measures of one stage; every label is bounded. */
final class StageMetrics {

  /** Bounds of the histograms: a hop takes milliseconds, work takes up to half an hour. */
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(10),
    Duration.ofMillis(50),
    Duration.ofMillis(200),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(20),
    Duration.ofMinutes(1),
    Duration.ofMinutes(5),
    Duration.ofMinutes(15),
    Duration.ofMinutes(30)
  };

  /** Later attempts share a label. */
  private static final int LAST_ATTEMPT = 5;

  private final MeterRegistry registry;
  private final String stage;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final Timer queue;
  private final Timer work;
  private final Timer publish;

  StageMetrics(MeterRegistry registry, String stage) {
    this.registry = registry;
    this.stage = stage;
    this.queue = timer("queue", "from a record's timestamp to its delivery");
    this.work = timer("work", "the work on one record");
    this.publish = timer("publish", "from the end of the work to the commit of what it led to");
    // From the start, so that the first one is seen as a rise.
    registry.counter("handoff.stage.resumed", "stage", stage);
    for (int attempt = 1; attempt <= LAST_ATTEMPT; attempt++) {
      attempts(attempt);
    }
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

  void completed(long queueMs, long workMs, int attempt, boolean resumed) {
    queue.record(queueMs, TimeUnit.MILLISECONDS);
    if (resumed) {
      registry.counter("handoff.stage.resumed", "stage", stage).increment();
    } else {
      work.record(workMs, TimeUnit.MILLISECONDS);
      attempts(attempt).increment();
    }
  }

  /** From the end of the work to the commit of what it led to. */
  void published(Duration taken) {
    publish.record(taken);
  }

  void rejected(String code) {
    registry.counter("handoff.stage.rejections", "stage", stage, "code", code).increment();
  }

  private Counter attempts(int attempt) {
    return registry.counter("handoff.stage.attempts", "stage", stage, "attempt", label(attempt));
  }

  private Timer timer(String part, String description) {
    return Timer.builder("handoff.stage." + part)
        .description(description)
        .tag("stage", stage)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  private static String label(int attempt) {
    return attempt < LAST_ATTEMPT ? String.valueOf(attempt) : LAST_ATTEMPT + "+";
  }
}
