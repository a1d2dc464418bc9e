package dev.mlhandoff.mos.rollout;

import dev.mlhandoff.ml.metrics.RocAuc;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Judges one canary step by requests that the candidate answered: no errors, latency within the
 * target, and probabilities that still rank the labelled rows.
 */
public final class StepJudge {

  private static final double CONSTANT = 1e-9;

  private StepJudge() {}

  /**
   * What was seen of the candidate.
   *
   * @param errors requests that were not answered
   * @param latenciesMs one a request, in milliseconds
   * @param probabilities answers, in the order of the labels
   */
  @SuppressWarnings("ArrayRecordComponent") // measurements, never compared
  public record Observation(
      int errors, double[] latenciesMs, double[] probabilities, int[] labels) {}

  /**
   * Reasons to roll back; empty if the step passes.
   *
   * @param lowestAuc the ranking must be at least as good on these rows, all from the training part
   */
  public static List<String> objections(
      Observation seen, double latencyTargetMs, double lowestAuc) {
    List<String> objections = new ArrayList<>();
    if (seen.errors() > 0) {
      objections.add("%d of %d requests failed".formatted(seen.errors(), seen.labels().length));
      return objections;
    }
    double[] sorted = seen.latenciesMs().clone();
    Arrays.sort(sorted);
    double p99 = sorted[(int) Math.ceil(0.99 * sorted.length) - 1];
    if (p99 > latencyTargetMs) {
      objections.add("p99 is %.1f ms, the target %.0f ms".formatted(p99, latencyTargetMs));
    }
    double lowest = Arrays.stream(seen.probabilities()).min().orElse(0);
    double highest = Arrays.stream(seen.probabilities()).max().orElse(0);
    if (highest - lowest < CONSTANT) {
      objections.add("every answer is %.4f".formatted(lowest));
      return objections;
    }
    double auc = RocAuc.of(seen.probabilities(), seen.labels());
    if (!(auc >= lowestAuc)) {
      objections.add("AUC-ROC on replayed rows is %.4f, below %.4f".formatted(auc, lowestAuc));
    }
    return objections;
  }
}
