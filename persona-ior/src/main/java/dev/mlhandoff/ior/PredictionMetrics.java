package dev.mlhandoff.ior;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Measures what was predicted, by the arm of the traffic split. */
final class PredictionMetrics {

  private static final Duration[] BUCKETS = {
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofSeconds(1)
  };

  private static final String SHADOW = "shadow";

  /** A canary or a challenger. */
  private static final String ON_TRIAL = "trial";

  private final MeterRegistry registry;
  // A lookup in the registry would build the histogram's settings anew for every prediction.
  private final Map<String, Timer> latencies = new ConcurrentHashMap<>();

  PredictionMetrics(MeterRegistry registry) {
    this.registry = registry;
    latencies.put("production", latency("production"));
    for (String arm : List.of(ON_TRIAL, SHADOW)) {
      failures(arm, 0);
    }
  }

  /**
   * A prediction was made.
   *
   * @param arrived {@link System#nanoTime} at the request's arrival
   * @param failedVersion the version that should have answered, if it failed
   */
  void predicted(String arm, long arrived, @Nullable String failedVersion) {
    latencies
        .computeIfAbsent(arm, this::latency)
        .record(System.nanoTime() - arrived, TimeUnit.NANOSECONDS);
    if (failedVersion != null) {
      // Production answers for a version on trial; a shadow's failure reaches nobody.
      failures(arm.equals(SHADOW) ? SHADOW : ON_TRIAL, 1);
    }
  }

  private Timer latency(String arm) {
    return Timer.builder("handoff.predictions.latency")
        .description("from the arrival of the request to its answer")
        .tag("arm", arm)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  private void failures(String arm, int count) {
    registry.counter("handoff.predictions.failures", "arm", arm).increment(count);
  }
}
