package dev.mlhandoff.mos.rollout;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Collects what one version answers, in order; of each subject the first answer counts. */
public final class ArmRecorder {

  private final List<Double> latencies = new ArrayList<>();
  private final List<Double> probabilities = new ArrayList<>();
  private final List<Integer> outcomes = new ArrayList<>();
  private final Set<String> subjects = new HashSet<>();
  private int failures;

  /**
   * A request was answered.
   *
   * @param subject tells who, or what, was asked about
   * @param outcome 0, 1 or {@link Arm#UNKNOWN}
   */
  public void answered(String subject, double latencyMs, double probability, int outcome) {
    latencies.add(latencyMs);
    if (subjects.add(subject)) {
      probabilities.add(probability);
      outcomes.add(outcome);
    }
  }

  /** A request should have been answered and was not. */
  public void failed() {
    failures++;
  }

  /** Requests that failed so far. */
  public int failures() {
    return failures;
  }

  /** What was collected so far. */
  public Arm arm() {
    return new Arm(
        failures,
        latencies.stream().mapToDouble(Double::doubleValue).toArray(),
        probabilities.stream().mapToDouble(Double::doubleValue).toArray(),
        outcomes.stream().mapToInt(Integer::intValue).toArray());
  }
}
