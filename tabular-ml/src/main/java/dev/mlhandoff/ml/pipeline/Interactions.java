package dev.mlhandoff.ml.pipeline;

import dev.mlhandoff.ml.interaction.InteractionSearch;
import dev.mlhandoff.ml.interaction.InteractionSearch.Interaction;
import dev.mlhandoff.ml.interaction.Ridits;
import dev.mlhandoff.ml.table.Kind;
import dev.mlhandoff.ml.table.RawColumn;
import dev.mlhandoff.ml.table.RawTable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The interactions of a table's numbers, not yet scaled. */
final class Interactions {

  /** Rows that are searched at most, evenly spread: more would only find what hardly matters. */
  private static final int MOST_ROWS = 8_000;

  /** Numbers that are held at most: rows times columns. */
  private static final int MOST_VALUES = 2_000_000;

  private Interactions() {}

  /** Those found, best first; the ridits are of all rows. */
  static List<FittedFeature> of(RawTable table, int[] labels) {
    List<String> names =
        table.columns().stream()
            .filter(column -> column.kind() == Kind.NUMERIC)
            .map(RawColumn::name)
            .toList();
    int[] rows = rows(table.rows(), names.size());
    int[] searched = IntStream.of(rows).map(row -> labels[row]).toArray();
    if (IntStream.of(searched).distinct().count() < 2) {
      return List.of();
    }
    List<double[]> columns = names.stream().map(name -> at(rows, table.numbers(name))).toList();
    return new InteractionSearch(columns, searched)
        .find().interactions().stream().map(found -> feature(found, names, table)).toList();
  }

  private static FittedFeature feature(Interaction found, List<String> names, RawTable table) {
    String first = names.get(found.first());
    String second = names.get(found.second());
    return FittedFeature.interaction(
        first, Ridits.fit(table.numbers(first)), second, Ridits.fit(table.numbers(second)));
  }

  private static int[] rows(int all, int columns) {
    int most = Math.max(1, Math.min(MOST_ROWS, MOST_VALUES / Math.max(1, columns)));
    int count = Math.min(all, most);
    return IntStream.range(0, count).map(i -> (int) ((long) i * all / count)).toArray();
  }

  private static double[] at(int[] rows, double[] column) {
    return Arrays.stream(rows).mapToDouble(row -> column[row]).toArray();
  }
}
