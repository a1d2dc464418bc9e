package dev.mlhandoff.mos;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The latest windows as metrics: for each model, of each kind of test the highest statistic over
 * all subjects. Which subject it was stands in the window itself.
 */
final class MonitoringMetrics {

  private final MeterRegistry registry;
  private final MultiGauge statistics;
  private final MultiGauge findings;
  private final Map<String, JudgedWindow> latest = new ConcurrentHashMap<>();

  MonitoringMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.statistics = MultiGauge.builder("handoff.drift.statistic").register(registry);
    this.findings = MultiGauge.builder("handoff.drift.findings").register(registry);
  }

  void judged(JudgedWindow window) {
    String result = window.report().findings().isEmpty() ? "quiet" : "alarmed";
    registry
        .counter(
            "handoff.monitoring.windows",
            "model",
            window.modelId(),
            "kind",
            window.kind().name(),
            "result",
            result)
        .increment();
    latest.put(window.modelId() + "/" + window.kind(), window);
    List<Row<?>> highest = new ArrayList<>();
    List<Row<?>> found = new ArrayList<>();
    for (JudgedWindow each : latest.values()) {
      Tags model = Tags.of("model", each.modelId());
      found.add(Row.of(model.and("kind", each.kind().name()), each.report().findings().size()));
      each.report()
          .highest()
          .forEach((test, value) -> highest.add(Row.of(model.and("test", test), value)));
    }
    statistics.register(highest, true);
    findings.register(found, true);
  }
}
