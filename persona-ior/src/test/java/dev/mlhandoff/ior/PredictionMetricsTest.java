package dev.mlhandoff.ior;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PredictionMetricsTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final PredictionMetrics metrics = new PredictionMetrics(registry);

  @Test
  void latencyIsKeptByArmAndFailuresByWhoFailed() {
    long arrived = System.nanoTime() - TimeUnit.SECONDS.toNanos(3);
    metrics.predicted("production", arrived, null);
    metrics.predicted("canary", arrived, null);
    // Production answered, for the version on trial could not.
    metrics.predicted("production", arrived, "2.0.0");
    metrics.predicted("shadow", arrived, "3.0.0");

    assertThat(registry.get("handoff.predictions.latency").tag("arm", "production").timer().count())
        .isEqualTo(2);
    assertThat(
            registry
                .get("handoff.predictions.latency")
                .tag("arm", "canary")
                .timer()
                .max(TimeUnit.SECONDS))
        .isGreaterThanOrEqualTo(3);
    assertThat(failures("trial")).isEqualTo(1);
    assertThat(failures("shadow")).isEqualTo(1);
  }

  @Test
  void seriesAreThereBeforeTheFirstFailure() {
    assertThat(failures("trial")).isZero();
    assertThat(failures("shadow")).isZero();
  }

  private double failures(String arm) {
    return registry.get("handoff.predictions.failures").tag("arm", arm).counter().count();
  }
}
