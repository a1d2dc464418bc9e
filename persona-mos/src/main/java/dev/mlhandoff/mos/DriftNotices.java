package dev.mlhandoff.mos;

import dev.mlhandoff.messages.Alert;
import dev.mlhandoff.messages.Alert.Severity;
import dev.mlhandoff.messages.PipelineEvent.DriftDetected;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.ml.drift.ColumnTest;
import dev.mlhandoff.mos.monitoring.ConfirmedDrift;
import dev.mlhandoff.mos.monitoring.Finding;
import dev.mlhandoff.mos.monitoring.WindowReport;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what a window found, in the transaction that stores it: an alert for each subject, and an
 * event once two windows that follow each other found the same. What was told is told again only
 * after the cool-down, or if it has become worse.
 */
final class DriftNotices {

  private static final Logger log = LoggerFactory.getLogger(DriftNotices.class);

  private final MonitoredWindows windows;
  private final Outbox outbox;
  private final Duration coolDown;
  private final MeterRegistry registry;

  DriftNotices(MonitoredWindows windows, Outbox outbox, Duration coolDown, MeterRegistry registry) {
    this.windows = windows;
    this.outbox = outbox;
    this.coolDown = coolDown;
    this.registry = registry;
  }

  /** Tells of a window that follows another of the same version and kind. */
  void tell(JudgedWindow window, JudgedWindow before, String runId) {
    List<Finding> confirmed = window.report().confirmed(before.report());
    tell(window, confirmed);
    // Values that go missing are to be repaired where they come from: learning from them is no
    // cure.
    List<Finding> drifted =
        confirmed.stream().filter(f -> f.kind() != Finding.Kind.DATA_QUALITY).toList();
    if (drifted.isEmpty()) {
      return;
    }
    ConfirmedDrift drift = drift(window, before, runId, drifted);
    windows.add(drift);
    if (windows.tell(window, "event/" + window.kind(), Severity.CRITICAL, coolDown)) {
      outbox.add(
          Topics.PIPELINE_EVENTS,
          runId,
          new DriftDetected(
              drift.id(),
              runId,
              window.at(),
              window.modelId(),
              window.version(),
              drift.statistics(),
              drift.reason()));
    }
  }

  /** Tells of a version's first window. */
  void tell(JudgedWindow window) {
    tell(window, List.of());
  }

  private void tell(JudgedWindow window, List<Finding> confirmed) {
    for (Finding finding : window.report().findings()) {
      Severity severity = confirmed.contains(finding) ? Severity.CRITICAL : Severity.WARNING;
      String what = finding.kind() + "/" + finding.subject();
      if (windows.tell(window, what, severity, coolDown)) {
        Alert alert = alert(window, finding, severity);
        outbox.add(Topics.ALERTS, window.modelId(), alert);
        log.warn("{} {} {}: {}", severity, window.modelId(), window.version(), alert.message());
        registry
            .counter(
                "handoff.monitoring.alerts",
                "kind",
                finding.kind().name(),
                "severity",
                severity.name())
            .increment();
      }
    }
  }

  private static Alert alert(JudgedWindow window, Finding finding, Severity severity) {
    return new Alert(
        "%s/%s/%s/%d/%s"
            .formatted(
                window.modelId(),
                window.version(),
                finding.kind(),
                window.position(),
                finding.subject()),
        window.at(),
        window.modelId(),
        window.version(),
        Alert.Kind.valueOf(finding.kind().name()),
        severity,
        finding.subject(),
        statistics(window.report(), List.of(finding)),
        "%s in %d predictions, %d different"
            .formatted(finding.describe(), window.predictions(), window.report().rows()));
  }

  private static ConfirmedDrift drift(
      JudgedWindow window, JudgedWindow before, String runId, List<Finding> findings) {
    return new ConfirmedDrift(
        "%s-drift-%s-%d".formatted(runId, window.kind(), window.position()),
        window.modelId(),
        window.version(),
        runId,
        window.at(),
        "two windows of %d predictions differ from training: %s"
            .formatted(
                window.predictions(),
                findings.stream().map(Finding::describe).collect(Collectors.joining("; "))),
        findings.stream().map(Finding::subject).toList(),
        statistics(window.report(), findings),
        Math.min(before.afterArrived(), window.afterArrived()),
        Math.max(before.upToArrived(), window.upToArrived()));
  }

  private static SortedMap<String, Double> statistics(WindowReport report, List<Finding> findings) {
    SortedMap<String, Double> statistics = new TreeMap<>(report.statistics());
    for (Finding finding : findings) {
      for (ColumnTest test : finding.tests()) {
        String name = finding.subject() + "." + test.test();
        statistics.put(name, test.statistic());
        statistics.put(name + ".pValue", test.pValue());
      }
    }
    return statistics;
  }
}
