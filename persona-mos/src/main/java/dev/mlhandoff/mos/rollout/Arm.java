package dev.mlhandoff.mos.rollout;

import dev.mlhandoff.ml.metrics.AucEstimate;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What was seen of one version, oldest first.
 *
 * @param failures requests that it should have answered and did not
 * @param latenciesMs one for each answered request, in milliseconds
 * @param probabilities in [0, 1], one for each subject: who asks again gets the same answer, which
 *     is no further evidence
 * @param outcomes of the same answers, 0 or 1; {@link #UNKNOWN} while the true outcome is not known
 */
@SuppressWarnings("ArrayRecordComponent") // measurements, never compared
public record Arm(int failures, double[] latenciesMs, double[] probabilities, int[] outcomes) {

  /** Stands for a true outcome that is not known yet. */
  public static final int UNKNOWN = -1;

  /** With fewer the normal approximation of the estimate says little. */
  private static final int RANKED_A_CLASS = 10;

  int answered() {
    return latenciesMs.length;
  }

  int subjects() {
    return probabilities.length;
  }

  /** Requests that it answered or should have answered. */
  public int requests() {
    return answered() + failures;
  }

  /** Positions of the answers whose true outcome is known. */
  private IntStream labelled() {
    return IntStream.range(0, subjects()).filter(i -> outcomes[i] != UNKNOWN);
  }

  int labels() {
    return (int) labelled().count();
  }

  /** Sum of outcome less probability, over the answers whose outcome is known. */
  double residuals() {
    return labelled().mapToDouble(i -> outcomes[i] - probabilities[i]).sum();
  }

  /** Sum of the squared differences of outcome and probability, each in [0, 1]. */
  double brierLosses() {
    return labelled()
        .mapToDouble(i -> outcomes[i] - probabilities[i])
        .map(difference -> difference * difference)
        .sum();
  }

  /** How well the answers rank their outcomes; empty while too few of one class have been seen. */
  Optional<AucEstimate> auc() {
    int[] known = labelled().map(i -> outcomes[i]).toArray();
    int positives = Arrays.stream(known).sum();
    return Math.min(positives, known.length - positives) < RANKED_A_CLASS
        ? Optional.empty()
        : Optional.of(
            AucEstimate.of(labelled().mapToDouble(i -> probabilities[i]).toArray(), known));
  }

  /** How many answers are at most so high. */
  long atMost(double probability) {
    return Arrays.stream(probabilities).filter(p -> p <= probability).count();
  }
}
