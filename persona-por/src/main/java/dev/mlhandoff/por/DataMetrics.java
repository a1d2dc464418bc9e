package dev.mlhandoff.por;

import dev.mlhandoff.por.pipeline.CheckResult;
import dev.mlhandoff.por.pipeline.DatasetDescription;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;

/** Counts what the data pipeline delivered, what it put aside, and what its checks said. */
final class DataMetrics {

  private final MeterRegistry registry;

  DataMetrics(MeterRegistry registry) {
    this.registry = registry;
    for (String kind : List.of("entities", "events", "holdout", "quarantined")) {
      rows(kind, 0);
    }
    for (String severity : List.of("HARD", "WARN")) {
      checks(severity, true, 0);
      checks(severity, false, 0);
    }
  }

  void delivered(DatasetDescription description) {
    description.counts().forEach(this::rows);
  }

  void checked(List<CheckResult> checks) {
    checks.forEach(check -> checks(check.severity(), check.passed(), 1));
  }

  private void rows(String kind, long count) {
    registry.counter("handoff.data.rows", "kind", kind).increment((double) count);
  }

  private void checks(String severity, boolean passed, int count) {
    registry
        .counter(
            "handoff.data.checks",
            "severity",
            severity.toLowerCase(Locale.ROOT),
            "result",
            passed ? "passed" : "failed")
        .increment(count);
  }
}
