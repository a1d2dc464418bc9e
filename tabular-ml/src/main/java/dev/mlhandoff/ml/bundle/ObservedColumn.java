package dev.mlhandoff.ml.bundle;

import dev.mlhandoff.ml.table.Kind;
import dev.mlhandoff.ml.table.RawColumn;
import dev.mlhandoff.ml.table.RawTable;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What training saw of a raw column.
 *
 * @param missing training rows without a value
 * @param smallest number seen, largest likewise; null for categories, or if no row had a value
 * @param categories every category seen; null for numbers, and where more than half of the values
 *     differ: these name rows, and nobody could know them all
 */
public record ObservedColumn(
    String column,
    int missing,
    @Nullable Double smallest,
    @Nullable Double largest,
    @Nullable SortedSet<String> categories) {

  /** Every column of the training rows. */
  public static List<ObservedColumn> of(RawTable training) {
    return training.columns().stream().map(column -> of(column, training)).toList();
  }

  private static ObservedColumn of(RawColumn column, RawTable training) {
    if (column.kind() == Kind.NUMERIC) {
      double[] seen =
          Arrays.stream(training.numbers(column.name()))
              .filter(value -> !Double.isNaN(value))
              .toArray();
      int missing = training.rows() - seen.length;
      return seen.length == 0
          ? new ObservedColumn(column.name(), missing, null, null, null)
          : new ObservedColumn(
              column.name(),
              missing,
              Arrays.stream(seen).min().orElseThrow(),
              Arrays.stream(seen).max().orElseThrow(),
              null);
    }
    List<String> seen =
        Arrays.stream(training.categories(column.name())).filter(Objects::nonNull).toList();
    SortedSet<String> categories = new TreeSet<>(seen);
    return new ObservedColumn(
        column.name(),
        training.rows() - seen.size(),
        null,
        null,
        categories.size() > seen.size() / 2.0 ? null : categories);
  }
}
