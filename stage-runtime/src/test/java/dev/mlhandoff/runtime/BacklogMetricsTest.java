package dev.mlhandoff.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class BacklogMetricsTest {

  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final BacklogMetrics metrics =
      new BacklogMetrics(registry, Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  void theOldestRecordOfAllPartitionsCounts() {
    Backlog both =
        new Backlog(3, NOW.minusSeconds(20))
            .plus(Backlog.NONE)
            .plus(new Backlog(1, NOW.minusSeconds(90)));
    metrics.backlog("group", "topic", both);

    assertThat(gauge("handoff.backlog.records")).isEqualTo(4);
    assertThat(gauge("handoff.backlog.age")).isEqualTo(90);
    metrics.backlog("group", "topic", Backlog.NONE);
    assertThat(gauge("handoff.backlog.age")).isZero();
  }

  @Test
  void aTimestampFromTheFutureIsNoNegativeAge() {
    metrics.backlog("group", "topic", new Backlog(1, NOW.plusSeconds(60)));

    assertThat(gauge("handoff.backlog.age")).isZero();
  }

  @Test
  void anOldMeasurementIsNotShownOnceTheBrokerIsSilent() {
    metrics.backlog("group", "topic", new Backlog(1, NOW));
    metrics.members("group", 2);
    metrics.deadLetters("topic", 7);
    metrics.unknown();

    assertThat(gauge("handoff.backlog.records")).isNaN();
    assertThat(gauge("handoff.backlog.age")).isNaN();
    assertThat(gauge("handoff.group.members")).isNaN();
    assertThat(gauge("handoff.dead.letters.kept")).isNaN();
    metrics.members("group", 1);
    assertThat(gauge("handoff.group.members")).isEqualTo(1);
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }
}
