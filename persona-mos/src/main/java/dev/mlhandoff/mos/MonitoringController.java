package dev.mlhandoff.mos;

import dev.mlhandoff.messages.MonitoringWindow;
import dev.mlhandoff.ml.drift.ColumnTest;
import dev.mlhandoff.ml.drift.Histogram;
import dev.mlhandoff.mos.monitoring.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What the monitoring has seen of a model lately. */
@RestController
class MonitoringController {

  private static final int MOST = 100;

  private final Deployments deployments;
  private final MonitoredWindows windows;
  private final MonitoringProperties properties;

  MonitoringController(
      Deployments deployments, MonitoredWindows windows, MonitoringProperties properties) {
    this.deployments = deployments;
    this.windows = windows;
    this.properties = properties;
  }

  /** The rules and the latest windows, newest first. */
  record View(
      String model, int window, double falseAlarmRate, Duration coolDown, List<Entry> windows) {}

  /** One window. */
  record Entry(
      String version,
      MonitoringWindow.Kind kind,
      Instant at,
      int predictions,
      int rows,
      long afterArrived,
      long upToArrived,
      List<Finding> findings,
      Map<String, Double> statistics,
      List<ColumnTest> tests,
      Map<String, Histogram> histograms) {}

  @GetMapping("/monitoring/{model}")
  View windows(@PathVariable String model, @RequestParam(defaultValue = "10") int limit) {
    if (deployments.of(model).isEmpty()) {
      throw Refusal.of(HttpStatus.NOT_FOUND, "UNKNOWN_MODEL", "no model " + model);
    }
    return new View(
        model,
        properties.window(),
        properties.falseAlarmRate(),
        properties.coolDown(),
        windows.latest(model, Math.max(1, Math.min(MOST, limit))).stream()
            .map(MonitoringController::entry)
            .toList());
  }

  private static Entry entry(JudgedWindow window) {
    return new Entry(
        window.version(),
        window.kind(),
        window.at(),
        window.predictions(),
        window.report().rows(),
        window.afterArrived(),
        window.upToArrived(),
        window.report().findings(),
        window.report().statistics(),
        window.report().tests(),
        window.report().histograms());
  }
}
