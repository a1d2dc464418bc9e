package dev.mlhandoff.mos.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.mos.rollout.StepJudge.Observation;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepJudgeTest {

  private static final int REQUESTS = 200;
  private static final double TARGET_MS = 100;
  private static final double LOWEST_AUC = 0.65;

  @Test
  void passesAVersionThatAnswersFastAndRanksWell() {
    assertThat(objections(0, latencies(5), ranking(true))).isEmpty();
  }

  @Test
  void refusesAVersionThatFailsOnce() {
    assertThat(objections(1, latencies(5), ranking(true)))
        .containsExactly("1 of 200 requests failed");
  }

  @Test
  void refusesAConstantScore() {
    double[] constant = new double[REQUESTS];
    Arrays.fill(constant, 0.25);
    assertThat(objections(0, latencies(5), constant)).containsExactly("every answer is 0.2500");
  }

  @Test
  void refusesAVersionThatRanksTheWrongWayRound() {
    assertThat(objections(0, latencies(5), ranking(false)))
        .containsExactly("AUC-ROC on replayed rows is 0.0000, below 0.6500");
  }

  @Test
  void refusesASlowVersion() {
    assertThat(objections(0, latencies(150), ranking(true)))
        .containsExactly("p99 is 150.0 ms, the target 100 ms");
  }

  @Test
  void allowsOneSlowRequestInAHundredButNotMore() {
    double[] latencies = latencies(5);
    latencies[0] = 900;
    latencies[1] = 900;
    assertThat(objections(0, latencies, ranking(true))).isEmpty();
    latencies[2] = 900;
    assertThat(objections(0, latencies, ranking(true))).hasSize(1);
  }

  @Test
  void namesEverythingThatSpeaksAgainstAVersion() {
    assertThat(objections(0, latencies(150), ranking(false))).hasSize(2);
  }

  @Test
  void refusesRowsOfOneClassBecauseNothingCanBeRanked() {
    Observation seen = new Observation(0, latencies(5), ranking(true), new int[REQUESTS]);
    assertThat(StepJudge.objections(seen, TARGET_MS, LOWEST_AUC)).hasSize(1);
  }

  private static List<String> objections(int errors, double[] latencies, double[] probabilities) {
    return StepJudge.objections(
        new Observation(errors, latencies, probabilities, labels()), TARGET_MS, LOWEST_AUC);
  }

  private static double[] latencies(double each) {
    double[] latencies = new double[REQUESTS];
    Arrays.fill(latencies, each);
    return latencies;
  }

  /** Every third row is positive. */
  private static int[] labels() {
    int[] labels = new int[REQUESTS];
    Arrays.setAll(labels, i -> i % 3 == 0 ? 1 : 0);
    return labels;
  }

  /** Separates the classes without an error, the right or the wrong way round. */
  private static double[] ranking(boolean right) {
    int[] labels = labels();
    double[] probabilities = new double[REQUESTS];
    Arrays.setAll(probabilities, i -> (labels[i] == 1) == right ? 0.7 + i * 1e-4 : 0.2 + i * 1e-4);
    return probabilities;
  }
}
