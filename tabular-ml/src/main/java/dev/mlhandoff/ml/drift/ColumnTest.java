package dev.mlhandoff.ml.drift;

/**
 * One test of one column.
 *
 * @param test what was tested: {@code psi}, {@code ks}, {@code missing} or {@code unseen}
 * @param statistic the index, the distance, or the share in the window
 * @param pValue probability of as much or more without any change, in [0, 1]
 */
public record ColumnTest(String column, String test, double statistic, double pValue) {}
