package dev.mlhandoff.esc;

import dev.mlhandoff.messages.TrialResult;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that differs between equal runs, beside every trial with its parameters, metrics and
 * predictions: who trained it and how long it took. Outside the compared digests.
 *
 * @param timings by configuration
 * @param trials in the order in which they were planned
 */
record TrialsMetadata(
    String runId,
    int attempt,
    Instant plannedAt,
    Instant concludedAt,
    SortedMap<String, Timing> timings,
    List<TrialResult> trials) {

  /**
   * @param trainingMs sum over the folds
   * @param predictionMicros median single-row prediction, the slowest fold
   */
  record Timing(double trainingMs, double predictionMicros) {}

  static TrialsMetadata of(AttemptPlan plan, Trials trials, Instant concludedAt) {
    SortedMap<String, Timing> timings = new TreeMap<>();
    trials
        .byConfiguration()
        .forEach(
            (id, folds) ->
                timings.put(
                    id,
                    new Timing(
                        folds.stream().mapToDouble(TrialResult::trainingMs).sum(),
                        folds.stream()
                            .mapToDouble(TrialResult::predictionMicros)
                            .max()
                            .orElse(0))));
    return new TrialsMetadata(
        plan.handoff().runId(),
        plan.handoff().attempt(),
        plan.plannedAt(),
        concludedAt,
        timings,
        trials.all());
  }
}
