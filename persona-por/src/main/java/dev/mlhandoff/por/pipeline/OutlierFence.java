package dev.mlhandoff.por.pipeline;

/**
 * The numbers of a column that are no outliers, and how many are.
 *
 * @param source {@code entities} or {@code events}
 * @param flagged values outside, hold-out included
 */
public record OutlierFence(String source, String column, double lower, double upper, long flagged) {

  OutlierFence withFlagged(long count) {
    return new OutlierFence(source, column, lower, upper, count);
  }
}
