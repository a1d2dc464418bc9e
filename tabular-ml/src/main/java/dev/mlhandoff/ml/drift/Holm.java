package dev.mlhandoff.ml.drift;

import java.util.Arrays;
import java.util.Comparator;

/** Holm's step-down procedure (1979): many tests, and one error rate for all of them together. */
public final class Holm {

  private Holm() {}

  /**
   * Which hypotheses are rejected.
   *
   * @param alpha probability that any true one is rejected, whatever the dependence of the tests
   */
  public static boolean[] rejected(double[] pValues, double alpha) {
    Integer[] order = new Integer[pValues.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> pValues[i]));
    boolean[] rejected = new boolean[pValues.length];
    for (int rank = 0; rank < order.length; rank++) {
      if (pValues[order[rank]] > alpha / (order.length - rank)) {
        break;
      }
      rejected[order[rank]] = true;
    }
    return rejected;
  }
}
