package dev.mlhandoff.data;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table of the database whose columns are brought to the heap one at a time, each in the order of
 * the rows. Whoever lets go of one before the next needs memory for one.
 */
public final class StoredColumns {

  private final DuckDb database;
  private final String table;
  private final int rows;

  public StoredColumns(DuckDb database, String table) throws SQLException {
    this.database = database;
    this.table = table;
    this.rows = Math.toIntExact(database.count(table));
  }

  public int rows() {
    return rows;
  }

  /** A column of numbers or truth values; NaN where the value is missing. */
  public double[] numbers(String column) throws SQLException {
    double[] values = new double[rows];
    Arrays.fill(values, Double.NaN);
    int[] row = new int[1];
    database.each(
        select(column, "DOUBLE"),
        result -> {
          double value = result.getDouble(1);
          if (!result.wasNull()) {
            values[row[0]] = value;
          }
          row[0]++;
        });
    return values;
  }

  /** A column as text, equal values as one object; null where the value is missing. */
  public @Nullable String[] texts(String column) throws SQLException {
    @Nullable String[] values = new @Nullable String[rows];
    Map<String, String> seen = new HashMap<>();
    int[] row = new int[1];
    database.each(
        select(column, "VARCHAR"),
        result -> {
          String value = result.getString(1);
          values[row[0]++] = value == null ? null : seen.computeIfAbsent(value, same -> same);
        });
    return values;
  }

  private String select(String column, String type) {
    return "SELECT CAST(%s AS %s) FROM %s".formatted(DuckDb.name(column), type, DuckDb.name(table));
  }
}
