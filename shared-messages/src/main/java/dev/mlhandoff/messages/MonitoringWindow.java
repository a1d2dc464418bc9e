package dev.mlhandoff.messages;

import java.time.Instant;
import java.util.List;
import java.util.SortedMap;

/**
 * What the monitoring of a version found in one window of predictions, on {@code
 * monitoring.windows.v1} under the model's id.
 *
 * @param windowId the same for a repetition of the same window
 * @param runId the run that made the version
 * @param predictions how many it holds
 * @param rows rows that were tested; an entity counts once
 * @param stabilityIndex population stability index against training, by feature, the score among
 *     them; empty for a window of outcomes
 * @param highest highest statistic of each kind of test, and of outcomes further figures
 * @param findings of what the window certainly differs from training, each in one line
 */
public record MonitoringWindow(
    String windowId,
    Instant at,
    String runId,
    String modelId,
    String version,
    Kind kind,
    long predictions,
    long rows,
    SortedMap<String, Double> stabilityIndex,
    SortedMap<String, Double> highest,
    List<String> findings) {

  public MonitoringWindow {
    findings = List.copyOf(findings);
  }

  /** What is judged. */
  public enum Kind {
    /** What was asked and answered, in the order of arrival. */
    PREDICTIONS,
    /** How it came out, in the order in which that became known. */
    OUTCOMES
  }
}
