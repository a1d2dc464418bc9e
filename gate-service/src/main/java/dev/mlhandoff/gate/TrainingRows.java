package dev.mlhandoff.gate;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.ParquetTable;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.ml.table.Kind;
import dev.mlhandoff.ml.table.RawColumn;
import dev.mlhandoff.ml.table.RawTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The training part: features, labels and out-of-fold results, in the order of the feature table.
 *
 * @param table every candidate column
 * @param labels 0 or 1
 * @param fold from 0
 * @param outOfFold probabilities of the selected trial
 * @param calibrated the same, calibrated by the other folds
 */
@SuppressWarnings("ArrayRecordComponent") // large columns, never compared
record TrainingRows(
    RawTable table,
    @Nullable String[] keys,
    int[] labels,
    int[] fold,
    double[] outOfFold,
    double[] calibrated) {

  private static final Set<String> BOOKKEEPING = Set.of("entity_key", "label", "holdout", "fold");

  /** Joins the feature table and the predictions of the selected trial. */
  static TrainingRows read(ArtifactReader artifacts, String selected)
      throws IOException, EvidenceMismatchException {
    ParquetTable features = artifacts.table(StageIds.FEATURE_ENGINEERING, "features");
    ParquetTable predictions = artifacts.table(StageIds.TRAINING, "oof-predictions");
    double[] holdout = features.numbers("holdout");
    int[] rows = IntStream.range(0, features.rows()).filter(i -> holdout[i] == 0).toArray();
    @Nullable String[] all = features.texts("entity_key");
    @Nullable String[] keys = new @Nullable String[rows.length];
    for (int i = 0; i < rows.length; i++) {
      keys[i] = all[rows[i]];
    }
    int[] positions = positions(keys, predictions.texts("entity_key"));
    double[] label = features.numbers("label");
    double[] folds = features.numbers("fold");
    double[] scores = predictions.numbers(selected);
    double[] calibrated = predictions.numbers("calibrated");
    return new TrainingRows(
        candidates(features).select(rows),
        keys,
        IntStream.of(rows).map(row -> (int) label[row]).toArray(),
        IntStream.of(rows).map(row -> (int) folds[row]).toArray(),
        IntStream.of(positions).mapToDouble(p -> scores[p]).toArray(),
        IntStream.of(positions).mapToDouble(p -> calibrated[p]).toArray());
  }

  /** Where each row stands in another table. */
  int[] positionsIn(@Nullable String[] others) throws EvidenceMismatchException {
    return positions(keys, others);
  }

  /** The same rows with only the columns that a model reads. */
  RawTable table(List<RawColumn> schema) {
    RawTable.Builder builder = RawTable.builder(table.rows());
    for (RawColumn column : schema) {
      if (column.kind() == Kind.NUMERIC) {
        builder.numeric(column.name(), table.numbers(column.name()));
      } else {
        builder.categorical(column.name(), table.categories(column.name()));
      }
    }
    return builder.build();
  }

  private static int[] positions(@Nullable String[] keys, @Nullable String[] others)
      throws EvidenceMismatchException {
    Map<String, Integer> positionOf = new HashMap<>();
    for (int i = 0; i < others.length; i++) {
      positionOf.put(String.valueOf(others[i]), i);
    }
    List<Integer> found = new ArrayList<>();
    for (@Nullable String key : keys) {
      Integer position = positionOf.get(String.valueOf(key));
      if (position == null) {
        throw new EvidenceMismatchException("an entity of the training part is missing elsewhere");
      }
      found.add(position);
    }
    return found.stream().mapToInt(Integer::intValue).toArray();
  }

  private static RawTable candidates(ParquetTable features) {
    RawTable.Builder builder = RawTable.builder(features.rows());
    for (ColumnInfo column : features.columns()) {
      if (BOOKKEEPING.contains(column.name())) {
        continue;
      }
      if (column.isNumeric()) {
        builder.numeric(column.name(), features.numbers(column.name()));
      } else {
        builder.categorical(column.name(), features.texts(column.name()));
      }
    }
    return builder.build();
  }
}
