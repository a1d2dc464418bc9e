package dev.mlhandoff.mos.monitoring;

import dev.mlhandoff.ml.table.Kind;
import dev.mlhandoff.ml.table.RawColumn;
import dev.mlhandoff.ml.table.RawTable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Predictions that are judged together. The tests assume independent rows, so of an entity that was
 * asked for several times only the latest prediction counts; without a key each counts.
 */
public final class Window {

  private final List<PredictionRecord> rows;

  /**
   * @param predictions oldest first
   */
  public Window(List<PredictionRecord> predictions) {
    Map<Object, PredictionRecord> latest = new LinkedHashMap<>();
    for (PredictionRecord prediction : predictions) {
      String entity = prediction.entityKeyHash();
      latest.put(entity == null ? new Object() : entity, prediction);
    }
    this.rows = List.copyOf(latest.values());
  }

  int rows() {
    return rows.size();
  }

  double[] probabilities() {
    return rows.stream().mapToDouble(PredictionRecord::probability).toArray();
  }

  /** 0 or 1 a row; all outcomes must be known. */
  int[] outcomes() {
    return rows.stream().mapToInt(row -> Objects.requireNonNull(row.outcome()) ? 1 : 0).toArray();
  }

  RawTable table(List<RawColumn> columns) {
    RawTable.Builder table = RawTable.builder(rows.size());
    for (RawColumn column : columns) {
      if (column.kind() == Kind.NUMERIC) {
        table.numeric(
            column.name(), rows.stream().mapToDouble(row -> number(row, column)).toArray());
      } else {
        @Nullable String[] values = new @Nullable String[rows.size()];
        Arrays.setAll(values, i -> text(rows.get(i), column));
        table.categorical(column.name(), values);
      }
    }
    return table.build();
  }

  private static double number(PredictionRecord row, RawColumn column) {
    return row.features().get(column.name()) instanceof Number number
        ? number.doubleValue()
        : Double.NaN;
  }

  private static @Nullable String text(PredictionRecord row, RawColumn column) {
    Object value = row.features().get(column.name());
    return value == null ? null : value.toString();
  }
}
