package dev.mlhandoff.mos;

import dev.mlhandoff.messages.MonitoringWindow;
import dev.mlhandoff.messages.MonitoringWindow.Kind;
import dev.mlhandoff.ml.drift.ColumnTest;
import dev.mlhandoff.mos.monitoring.Finding;
import dev.mlhandoff.mos.monitoring.WindowReport;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A window that was judged.
 *
 * @param position of its last prediction, in the order of the kind
 * @param afterArrived its predictions arrived after this one
 * @param upToArrived up to this one
 * @param predictions how many it holds, those of the same entity apart
 */
record JudgedWindow(
    String modelId,
    String version,
    Kind kind,
    long position,
    long afterArrived,
    long upToArrived,
    int predictions,
    Instant at,
    WindowReport report) {

  /** For those who follow the monitoring from outside. */
  MonitoringWindow message(String runId) {
    SortedMap<String, Double> stabilityIndex = new TreeMap<>();
    for (ColumnTest test : report.tests()) {
      if (test.test().equals("psi")) {
        stabilityIndex.put(test.column(), test.statistic());
      }
    }
    SortedMap<String, Double> highest = new TreeMap<>(report.statistics());
    highest.putAll(report.highest());
    return new MonitoringWindow(
        "%s/%s/%s/%d".formatted(modelId, version, kind, position),
        at,
        runId,
        modelId,
        version,
        kind,
        predictions,
        report.rows(),
        stabilityIndex,
        highest,
        report.findings().stream().map(Finding::describe).toList());
  }
}
