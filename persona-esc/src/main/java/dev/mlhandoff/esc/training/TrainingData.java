package dev.mlhandoff.esc.training;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.ParquetTable;
import dev.mlhandoff.ml.pipeline.PipelineFitter;
import dev.mlhandoff.ml.table.RawTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The training part of a feature table; rows of the hold-out are left behind here.
 *
 * @param keys entity keys, one a row
 * @param fold fold of each row, from 0
 */
@SuppressWarnings("ArrayRecordComponent") // large columns, never compared
public record TrainingData(RawTable table, int[] labels, int[] fold, List<String> keys) {

  private static final List<String> BOOKKEEPING = List.of("entity_key", "label", "holdout", "fold");

  /** Takes the rows that have a fold; that a label is missing there is an error. */
  public static TrainingData of(ParquetTable file) {
    double[] holdout = file.numbers("holdout");
    int[] rows =
        java.util.stream.IntStream.range(0, file.rows()).filter(i -> holdout[i] == 0).toArray();
    double[] label = file.numbers("label");
    double[] folds = file.numbers("fold");
    @Nullable String[] key = file.texts("entity_key");
    int[] labels = new int[rows.length];
    int[] fold = new int[rows.length];
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      if (Double.isNaN(label[rows[i]]) || Double.isNaN(folds[rows[i]])) {
        throw new IllegalArgumentException("a training row has no label or fold");
      }
      labels[i] = (int) label[rows[i]];
      fold[i] = (int) folds[rows[i]];
      keys.add(String.valueOf(key[rows[i]]));
    }
    return new TrainingData(raw(file).select(rows), labels, fold, keys);
  }

  /** All candidate columns of a feature file, for every row. */
  public static RawTable raw(ParquetTable file) {
    RawTable.Builder builder = RawTable.builder(file.rows());
    for (ColumnInfo column : file.columns()) {
      if (BOOKKEEPING.contains(column.name())) {
        continue;
      }
      if (column.isNumeric()) {
        builder.numeric(column.name(), file.numbers(column.name()));
      } else {
        builder.categorical(column.name(), file.texts(column.name()));
      }
    }
    return builder.build();
  }

  /** Whether there is anything to tell apart. */
  public boolean hasBothClasses() {
    return java.util.Arrays.stream(labels).distinct().count() > 1;
  }

  /** Whether the training rows of each fold have at least one column that can become a feature. */
  public boolean hasFeaturesInEveryFold() {
    return java.util.stream.IntStream.range(0, folds())
        .mapToObj(each -> rows(each, false))
        .allMatch(rows -> PipelineFitter.hasFeatures(table.select(rows), labels(rows)));
  }

  public int folds() {
    return java.util.Arrays.stream(fold).max().orElse(-1) + 1;
  }

  /** Positions of the rows that are in a fold, or that are not. */
  public int[] rows(int wanted, boolean inside) {
    return java.util.stream.IntStream.range(0, fold.length)
        .filter(i -> (fold[i] == wanted) == inside)
        .toArray();
  }

  public int[] labels(int[] rows) {
    return java.util.Arrays.stream(rows).map(row -> labels[row]).toArray();
  }
}
