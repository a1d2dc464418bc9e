package dev.mlhandoff.mos.experiment;

import dev.mlhandoff.ml.sequential.BernsteinSequence;
import dev.mlhandoff.ml.sequential.Interval;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Compares two streams of values in [0, 1] by the differences of their first, second, third values:
 * independent, and their mean is the difference of the two means, so that one confidence sequence
 * tells it. Values without a partner wait.
 */
final class PairedComparison {

  private final Deque<Double> waitingA = new ArrayDeque<>();
  private final Deque<Double> waitingB = new ArrayDeque<>();
  // The differences lie in [-1, 1]; the sequence takes values in [0, 1].
  private final BernsteinSequence halved = new BernsteinSequence();
  private double sum;

  void addA(double value) {
    waitingA.add(value);
    pair();
  }

  void addB(double value) {
    waitingB.add(value);
    pair();
  }

  long pairs() {
    return halved.count();
  }

  /** Mean of B less A over the pairs; 0 without any. */
  double difference() {
    return pairs() == 0 ? 0 : sum / pairs();
  }

  /** Where the difference of the means lies, within [-1, 1]. */
  Interval interval(double alpha) {
    Interval interval = halved.interval(alpha);
    return new Interval(2 * interval.lower() - 1, 2 * interval.upper() - 1);
  }

  private void pair() {
    Double a = waitingA.peek();
    Double b = waitingB.peek();
    if (a != null && b != null) {
      waitingA.remove();
      waitingB.remove();
      sum += b - a;
      halved.add((b - a + 1) / 2);
    }
  }
}
