package dev.mlhandoff.ml.drift;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the current values of a column differ from those of training.
 *
 * @param stabilityIndex population stability index; null if there are not two bins
 * @param bound the index that is exceeded by chance with the probability asked for; null as well
 * @param missingInTraining share of the rows, 0 to 1
 * @param missingNow share of the rows, 0 to 1
 * @param unknownCategories share of the values that training has not, 0 to 1
 * @param expectedUnknown the share to be expected without a change: of the values that training has
 *     once (Good, Biometrika 40, 1953)
 * @param tests what was tested; whether it tells anything is decided over all columns
 */
public record ColumnSkew(
    String column,
    @Nullable Double stabilityIndex,
    @Nullable Double bound,
    double missingInTraining,
    double missingNow,
    double unknownCategories,
    double expectedUnknown,
    List<ColumnTest> tests) {

  public ColumnSkew {
    tests = List.copyOf(tests);
  }

  /**
   * Of numbers.
   *
   * @param current NaN where missing
   * @param probability with which the index exceeds its bound without a change
   */
  public static ColumnSkew of(NumericReference training, double[] current, double probability) {
    Histogram histogram = training.histogram(current);
    return of(
        training.column(),
        training.compare(current),
        training.index(current.length - (int) histogram.missing()),
        probability,
        training.missingShare(),
        share(histogram.missing(), current.length),
        0,
        0);
  }

  /**
   * Of categories. That some are new is nothing to wonder at where many stand only once in
   * training; what counts is whether there are more of them.
   *
   * @param current null where missing
   */
  public static ColumnSkew of(
      CategoricalReference training, @Nullable String[] current, double probability) {
    Histogram histogram = training.histogram(current);
    int present = current.length - (int) histogram.missing();
    int unknown = (int) histogram.unseen();
    double expected = training.onceShare();
    List<ColumnTest> tests = new ArrayList<>(training.compare(current));
    tests.removeIf(test -> test.test().equals("unseen"));
    if (share(unknown, present) > expected) {
      training.unknown(unknown, present).ifPresent(tests::add);
    }
    return of(
        training.column(),
        tests,
        training.index(present - unknown),
        probability,
        training.missingShare(),
        share(histogram.missing(), current.length),
        share(unknown, present),
        expected);
  }

  private static ColumnSkew of(
      String column,
      List<ColumnTest> tests,
      Optional<StabilityIndex> index,
      double probability,
      double missingInTraining,
      double missingNow,
      double unknown,
      double expected) {
    @Nullable Double psi =
        tests.stream()
            .filter(test -> test.test().equals("psi"))
            .map(ColumnTest::statistic)
            .findFirst()
            .orElse(null);
    @Nullable Double bound =
        psi == null ? null : index.map(one -> one.bound(probability)).orElse(null);
    return new ColumnSkew(
        column, psi, bound, missingInTraining, missingNow, unknown, expected, tests);
  }

  private static double share(long some, long all) {
    return all == 0 ? 0 : (double) some / all;
  }
}
