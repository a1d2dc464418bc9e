package dev.mlhandoff.runtime;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Work that went on after it was cancelled. A thread cannot be stopped from outside, so it is
 * counted, and the service counts as broken until it ends.
 */
final class AbandonedWork implements HealthIndicator {

  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  AbandonedWork(MeterRegistry registry) {
    Gauge.builder("handoff.abandoned.work", () -> alive().size())
        .description("cancelled work that is still running")
        .register(registry);
  }

  void add(Thread thread) {
    threads.add(thread);
  }

  @Override
  public Health health() {
    List<String> names = alive();
    return names.isEmpty()
        ? Health.up().build()
        : Health.down().withDetail("still running", names).build();
  }

  private List<String> alive() {
    threads.removeIf(thread -> !thread.isAlive());
    return threads.stream().map(Thread::getName).sorted().toList();
  }
}
