package dev.mlhandoff.ml.drift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.statistics.inference.KolmogorovSmirnovTest;
import org.apache.commons.statistics.inference.PValueMethod;

/**
 * What training saw of a numeric column: quantile bins for the stability index, all values for the
 * Kolmogorov-Smirnov test where there are many different ones, and how many were missing.
 */
public final class NumericReference {

  private static final int BINS = 10;
  private static final int ROWS_A_BIN = 20;
  private static final int DISCRETE = 20;

  private final String column;
  private final double[] sorted;
  private final int missing;
  private final boolean continuous;

  /**
   * @param values of training, NaN where missing
   */
  public NumericReference(String column, double[] values) {
    this.column = column;
    this.sorted = present(values).sorted().toArray();
    this.missing = values.length - sorted.length;
    this.continuous = Arrays.stream(sorted).distinct().limit(DISCRETE + 1).count() > DISCRETE;
  }

  public String column() {
    return column;
  }

  /**
   * The tests of a window.
   *
   * @param window NaN where missing
   */
  public List<ColumnTest> compare(double[] window) {
    List<ColumnTest> tests = new ArrayList<>();
    double[] values = present(window).toArray();
    Shares.test(column, "missing", window.length - values.length, window.length, missing, size())
        .ifPresent(tests::add);
    if (values.length == 0 || sorted.length == 0) {
      return tests;
    }
    double[] edges = edgesFor(values.length);
    if (edges.length == 0) {
      long other = Arrays.stream(values).filter(v -> v != sorted[0]).count();
      Shares.test(column, "unseen", other, values.length, 0, sorted.length).ifPresent(tests::add);
      return tests;
    }
    StabilityIndex index = index(values.length).orElseThrow();
    double psi = index.of(counts(values, edges));
    tests.add(new ColumnTest(column, "psi", psi, index.pValue(psi)));
    if (continuous) {
      var result =
          KolmogorovSmirnovTest.withDefaults().with(PValueMethod.ASYMPTOTIC).test(sorted, values);
      tests.add(new ColumnTest(column, "ks", result.getStatistic(), result.getPValue()));
    }
    return tests;
  }

  /** A window over the deciles of training. */
  public Histogram histogram(double[] window) {
    double[] edges = edges(BINS);
    double[] values = present(window).toArray();
    List<String> bins = new ArrayList<>();
    for (double edge : edges) {
      bins.add("<= " + edge);
    }
    bins.add(edges.length == 0 ? "all" : "> " + edges[edges.length - 1]);
    return new Histogram(
        bins,
        Arrays.stream(counts(sorted, edges)).boxed().toList(),
        Arrays.stream(counts(values, edges)).boxed().toList(),
        window.length - values.length,
        0);
  }

  /** The index of so many values; empty if there are not two bins. */
  Optional<StabilityIndex> index(int values) {
    double[] edges = edgesFor(values);
    return values == 0 || edges.length == 0
        ? Optional.empty()
        : Optional.of(new StabilityIndex(counts(sorted, edges), values));
  }

  double missingShare() {
    return size() == 0 ? 0 : (double) missing / size();
  }

  private double[] edgesFor(int values) {
    return edges(Math.max(2, Math.min(BINS, values / ROWS_A_BIN)));
  }

  private int size() {
    return sorted.length + missing;
  }

  /** Upper edges of all bins but the last: distinct quantiles that have values above them. */
  private double[] edges(int bins) {
    if (sorted.length == 0) {
      return new double[0];
    }
    double highest = sorted[sorted.length - 1];
    return IntStream.range(1, bins)
        .mapToDouble(i -> sorted[(int) ((long) i * sorted.length / bins)])
        .filter(edge -> edge < highest)
        .distinct()
        .toArray();
  }

  private static long[] counts(double[] values, double[] edges) {
    long[] counts = new long[edges.length + 1];
    for (double value : values) {
      int place = Arrays.binarySearch(edges, value);
      counts[place < 0 ? -place - 1 : place]++;
    }
    return counts;
  }

  private static DoubleStream present(double[] values) {
    return Arrays.stream(values).filter(value -> !Double.isNaN(value));
  }
}
