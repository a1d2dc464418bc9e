package dev.mlhandoff.ml.drift;

import java.util.Optional;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.FisherExactTest;

/** Compares the share of something in a window with its share in training, by Fisher's test. */
final class Shares {

  private Shares() {}

  /** The test; empty if it happened in neither, or always in both, so that nothing can be said. */
  static Optional<ColumnTest> test(
      String column, String what, long inWindow, int window, long inReference, int reference) {
    long total = inWindow + inReference;
    if (total == 0 || total == (long) window + reference) {
      return Optional.empty();
    }
    int[][] table = {
      {(int) inWindow, (int) (window - inWindow)},
      {(int) inReference, (int) (reference - inReference)}
    };
    double pValue =
        FisherExactTest.withDefaults()
            .with(AlternativeHypothesis.TWO_SIDED)
            .test(table)
            .getPValue();
    return Optional.of(new ColumnTest(column, what, (double) inWindow / window, pValue));
  }
}
