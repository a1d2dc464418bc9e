package dev.mlhandoff.mos;

import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the monitoring.
 *
 * @param window how many predictions, or outcomes, are judged together
 * @param falseAlarmRate probability that a window without a change alarms, over all subjects
 * @param coolDown how long what was told is not told again, unless it becomes worse
 * @param retention how long predictions and their outcomes are kept
 */
@ConfigurationProperties("handoff.mos.monitoring")
record MonitoringProperties(
    @DefaultValue("1000") int window,
    @DefaultValue("0.01") double falseAlarmRate,
    @DefaultValue("6h") Duration coolDown,
    @DefaultValue("30d") Duration retention) {

  private static final int SMALLEST_WINDOW = 50;

  MonitoringProperties {
    if (window < SMALLEST_WINDOW) {
      throw new IllegalArgumentException(
          "handoff.mos.monitoring.window must be at least " + SMALLEST_WINDOW);
    }
    if (!(falseAlarmRate > 0 && falseAlarmRate < 1)) {
      throw new IllegalArgumentException(
          "handoff.mos.monitoring.false-alarm-rate must lie between 0 and 1");
    }
    if (coolDown.isNegative()) {
      throw new IllegalArgumentException("handoff.mos.monitoring.cool-down must not be negative");
    }
    if (retention.isNegative() || retention.isZero()) {
      throw new IllegalArgumentException("handoff.mos.monitoring.retention must be positive");
    }
  }

  /** What is watched and how, for the deployment's specification. */
  SortedMap<String, Object> plan() {
    SortedMap<String, Object> plan = new TreeMap<>();
    plan.put("windowPredictions", window);
    plan.put("falseAlarmRatePerWindow", falseAlarmRate);
    plan.put("correction", "Holm, over every test of a window");
    plan.put(
        "subjects",
        "every feature of the bundle, the score, and the quality once outcomes are known");
    plan.put(
        "tests",
        "PSI; Kolmogorov-Smirnov where continuous; missing and unseen values by Fisher's test;"
            + " AUC-ROC and Brier score against the hold-out");
    plan.put("confirmation", "the same subject in two windows that follow each other");
    plan.put("alertCoolDown", coolDown.toString());
    plan.put("retention", retention.toString());
    return plan;
  }
}
