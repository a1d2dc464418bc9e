package dev.mlhandoff.card;

/** Rows by truth and decision at the threshold. */
record Confusion(int trueNegatives, int falsePositives, int falseNegatives, int truePositives) {

  /**
   * @param counts {@code [label][decision]}
   */
  static Confusion of(int[][] counts) {
    return new Confusion(counts[0][0], counts[0][1], counts[1][0], counts[1][1]);
  }

  int rows() {
    return trueNegatives + falsePositives + falseNegatives + truePositives;
  }

  int chosen() {
    return falsePositives + truePositives;
  }

  int positives() {
    return falseNegatives + truePositives;
  }

  /** Of the chosen, the share that is positive; 0 if none is chosen. */
  double precision() {
    return chosen() == 0 ? 0 : (double) truePositives / chosen();
  }

  /** Of the positives, the share that is chosen. */
  double recall() {
    return (double) truePositives / positives();
  }

  /** Of the negatives, the share that is not chosen. */
  double specificity() {
    return (double) trueNegatives / (trueNegatives + falsePositives);
  }

  double accuracy() {
    return (double) (trueNegatives + truePositives) / rows();
  }
}
