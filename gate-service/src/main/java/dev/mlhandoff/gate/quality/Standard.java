package dev.mlhandoff.gate.quality;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an attempt is held to.
 *
 * @param threshold the lowest score that passes, in [0, 1]
 * @param dimensions by name
 * @param leakSuspicion AUC-ROC above which a single feature is no benchmark
 */
public record Standard(
    RulingMetric metric,
    double threshold,
    SortedMap<String, Dimension> dimensions,
    double leakSuspicion) {

  /**
   * What one dimension must reach.
   *
   * @param minimum in [0, 1]
   * @param retry whether training may try again
   */
  public record Dimension(double minimum, boolean retry) {}

  public Standard {
    dimensions = new TreeMap<>(dimensions);
  }

  /** What a dimension must reach: its own minimum or the threshold, whichever is higher. */
  public double minimum(String dimension) {
    return Math.max(threshold, of(dimension).minimum());
  }

  boolean retry(String dimension) {
    return of(dimension).retry();
  }

  private Dimension of(String name) {
    Dimension dimension = dimensions.get(name);
    if (dimension == null) {
      throw new IllegalArgumentException("the policy has no dimension " + name);
    }
    return dimension;
  }
}
