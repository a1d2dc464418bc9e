package dev.mlhandoff.mos.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.mos.rollout.Opinion.Kind;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StepJudgeTest {

  private static final int REQUESTS = 200;
  private static final double TARGET_MS = 100;
  private static final StepJudge JUDGE = new StepJudge(TARGET_MS, 0.65, REQUESTS);

  @Test
  void agreesWithAVersionThatAnswersLikeTheIncumbent() {
    assertThat(replayed(arm(0, 5, good(1)), arm(0, 5, good(1))).kind()).isEqualTo(Kind.AGREES);
    assertThat(replayed(arm(0, 5, good(1)), null).kind()).isEqualTo(Kind.AGREES);
    assertThat(live(arm(0, 5, good(1)), arm(0, 5, good(2))).kind()).isEqualTo(Kind.AGREES);
  }

  @Test
  void waitsForEnoughPublicRequestsButNotForReplayedOnes() {
    Arm few = arm(0, 5, Arrays.copyOf(good(1), REQUESTS - 1));

    assertThat(live(few, null).kind()).isEqualTo(Kind.WAITS);
    assertThat(replayed(few, null).kind()).isEqualTo(Kind.AGREES);
  }

  @Test
  void objectsToOneFailedReplayAndToPublicFailuresOnceTheyAreNoChance() {
    assertThat(replayed(arm(1, 5, good(1)), null).reason())
        .isEqualTo("errors: 1 of 201 requests failed");
    assertThat(live(arm(1, 5, good(1)), null).kind()).isEqualTo(Kind.AGREES);
    assertThat(live(arm(4, 5, good(1)), null).kind()).isEqualTo(Kind.WAITS);
    assertThat(live(arm(20, 5, good(1)), null).kind()).isEqualTo(Kind.OBJECTS);
    // Nothing but failures needs no second look, and no minimum.
    assertThat(live(arm(10, 5, new double[0]), null).reason()).startsWith("errors: 10 of 10");
  }

  @Test
  void objectsToLatencyInTwoWindowsThatFollowEachOther() {
    double[] latencies = new double[400];
    Arrays.fill(latencies, 5);
    Arrays.fill(latencies, 0, 10, 150);
    Arrays.fill(latencies, 200, 210, 150);
    assertThat(live(withLatencies(latencies), null).kind()).isEqualTo(Kind.AGREES);

    Arrays.fill(latencies, 300, 310, 150);
    assertThat(live(withLatencies(latencies), null).reason())
        .isEqualTo(
            "latency: p99 is 150.0 ms in a second window, the limit 100.0 ms (target 100 ms)");

    // One slow request in a hundred is what the 99th percentile leaves out.
    Arrays.fill(latencies, 5);
    for (int i = 0; i < latencies.length; i += 100) {
      latencies[i] = 900;
    }
    assertThat(live(withLatencies(latencies), null).kind()).isEqualTo(Kind.AGREES);
  }

  @Test
  void aRetrainNeedNotScoreLikeTheIncumbentThatTheDriftLeftBehind() {
    double[] shifted = Arrays.stream(good(1)).map(p -> 0.5 + p / 2).toArray();
    Evidence evidence = new Evidence(unlabelled(shifted), unlabelled(good(2)), false);

    assertThat(JUDGE.judge(evidence).kind()).isEqualTo(Kind.OBJECTS);
    assertThat(new StepJudge(TARGET_MS, 0.65, REQUESTS, false).judge(evidence).kind())
        .isEqualTo(Kind.AGREES);
  }

  @Test
  void waitsAfterASlowWindowAndJudgesAgainstTheIncumbentToo() {
    double[] latencies = new double[200];
    Arrays.fill(latencies, 100, 200, 70);
    assertThat(live(withLatencies(latencies), null).kind()).isEqualTo(Kind.AGREES);
    assertThat(live(withLatencies(latencies), arm(0, 5, good(2))).kind()).isEqualTo(Kind.WAITS);
    assertThat(live(arm(0, 70, good(1)), arm(0, 5, good(2))).reason())
        .isEqualTo("latency: p99 is 70.0 ms in a second window, the limit 55.0 ms (target 100 ms)");
    assertThat(live(arm(0, 70, good(1)), arm(0, 30, good(2))).kind()).isEqualTo(Kind.AGREES);
  }

  @Test
  void objectsToAConstantScoreAndToAShiftedDistribution() {
    double[] constant = new double[REQUESTS];
    Arrays.fill(constant, 0.25);
    assertThat(replayed(arm(0, 5, constant), null).reason())
        .isEqualTo("prediction shift: every answer is 0.2500");

    double[] shifted = Arrays.stream(good(1)).map(p -> 0.5 + p / 2).toArray();
    assertThat(live(unlabelled(shifted), unlabelled(good(2))).reason())
        .startsWith("prediction shift: 0 % of the answers are at most");
    double[] slightly = Arrays.stream(good(1)).map(p -> Math.min(1, p + 0.03)).toArray();
    assertThat(live(unlabelled(slightly), unlabelled(good(2))).kind()).isEqualTo(Kind.AGREES);
  }

  @Test
  void objectsToMiscalibratedProbabilities() {
    double[] tooHigh = Arrays.stream(good(1)).map(p -> 1 - (1 - p) * 0.5).toArray();

    assertThat(replayed(arm(0, 5, tooHigh), null).reason())
        .startsWith("calibration: outcomes are -");
  }

  @Test
  void objectsToAWorseRankingOfReplayedRowsAndToAWorseBrierScore() {
    double[] reversed = new double[REQUESTS];
    for (int i = 0; i < REQUESTS; i++) {
      reversed[i] = outcomes(REQUESTS)[i] == 1 ? 0.2 + i * 1e-4 : 0.4 + i * 1e-4;
    }
    assertThat(replayed(arm(0, 5, reversed), null).reason())
        .isEqualTo("quality: AUC-ROC on replayed rows is 0.0000, at most 0.0000, below 0.6500");

    int many = 4000;
    double[] swapped = new double[many];
    double[] perfect = new double[many];
    for (int i = 0; i < many; i++) {
      perfect[i] = outcomes(many)[i] == 1 ? 0.9 : 0.05;
    }
    for (int i = 0; i < many; i++) {
      // The same scores, given to the wrong rows: nothing but the outcomes can tell.
      swapped[i] = perfect[(i + 1) % many];
    }
    assertThat(live(arm(0, 5, swapped), arm(0, 5, perfect)).reason())
        .startsWith("quality: Brier score");
  }

  /**
   * Probabilities even over [0, 0.2], with outcomes drawn by them, have an AUC-ROC of 0.685; of so
   * few rows more than a fifth of the samples are below 0.65.
   */
  @Test
  void aSampleThatHappensToRankBadlyIsNoReasonToRollAGoodVersionBack() {
    SplittableRandom random = new SplittableRandom(3);
    int below = 0;
    int objections = 0;
    int versions = 500;
    for (int v = 0; v < versions; v++) {
      double[] probabilities = new double[REQUESTS];
      Arrays.setAll(probabilities, i -> 0.2 * random.nextDouble());
      int[] outcomes =
          Arrays.stream(probabilities).mapToInt(p -> random.nextDouble() < p ? 1 : 0).toArray();
      Arm arm = new Arm(0, arm(0, 5, probabilities).latenciesMs(), probabilities, outcomes);
      below += arm.auc().filter(auc -> auc.auc() < 0.65).isPresent() ? 1 : 0;
      objections += replayed(arm, null).kind() == Kind.OBJECTS ? 1 : 0;
    }
    assertThat(below).isGreaterThan(versions / 5);
    assertThat(objections).isLessThanOrEqualTo(versions / 100);
  }

  @Test
  void countsASubjectOnceForItsScoreAndEachRequestForErrorsAndLatency() {
    ArmRecorder chatty = new ArmRecorder();
    double[] others = good(1);
    for (int i = 0; i < REQUESTS; i++) {
      chatty.answered("the same", 5, 0.99, Arm.UNKNOWN);
      chatty.answered("entity " + i, 5, others[i], Arm.UNKNOWN);
    }
    chatty.failed();
    Arm arm = chatty.arm();

    assertThat(arm.requests()).isEqualTo(2 * REQUESTS + 1);
    assertThat(arm.subjects()).isEqualTo(REQUESTS + 1);
    assertThat(live(arm, unlabelled(good(2))).kind()).isEqualTo(Kind.AGREES);
  }

  private static Opinion replayed(Arm candidate, @Nullable Arm incumbent) {
    return JUDGE.judge(new Evidence(candidate, incumbent, true));
  }

  private static Opinion live(Arm candidate, @Nullable Arm incumbent) {
    return JUDGE.judge(new Evidence(candidate, incumbent, false));
  }

  private static Arm arm(int failures, double latency, double[] probabilities) {
    double[] latencies = new double[probabilities.length];
    Arrays.fill(latencies, latency);
    return new Arm(failures, latencies, probabilities, outcomes(probabilities.length));
  }

  private static Arm withLatencies(double[] latencies) {
    double[] probabilities = new double[latencies.length];
    Arrays.setAll(probabilities, i -> good(1)[i % REQUESTS]);
    int[] unknown = new int[latencies.length];
    Arrays.fill(unknown, Arm.UNKNOWN);
    return new Arm(0, latencies, probabilities, unknown);
  }

  private static Arm unlabelled(double[] probabilities) {
    int[] unknown = new int[probabilities.length];
    Arrays.fill(unknown, Arm.UNKNOWN);
    return new Arm(0, arm(0, 5, probabilities).latenciesMs(), probabilities, unknown);
  }

  /** Every third outcome is positive. */
  private static int[] outcomes(int count) {
    int[] outcomes = new int[count];
    Arrays.setAll(outcomes, i -> i % 3 == 0 ? 1 : 0);
    return outcomes;
  }

  /** Calibrated on average, and ranks well: about 0.2 for negatives and 0.6 for positives. */
  private static double[] good(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] probabilities = new double[REQUESTS];
    Arrays.setAll(probabilities, i -> (i % 3 == 0 ? 0.4 : 0.02) + 0.4 * random.nextDouble());
    return probabilities;
  }
}
