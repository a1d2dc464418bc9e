package dev.mlhandoff.data;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Parquet file read into memory, column by column. */
public final class ParquetTable {

  private final int rows;
  private final List<ColumnInfo> columns;
  private final Map<String, double[]> numbers;
  private final Map<String, @Nullable String[]> texts;

  private ParquetTable(
      int rows,
      List<ColumnInfo> columns,
      Map<String, double[]> numbers,
      Map<String, @Nullable String[]> texts) {
    this.rows = rows;
    this.columns = columns;
    this.numbers = numbers;
    this.texts = texts;
  }

  /** Reads a whole file; numbers and truth values become doubles, everything else text. */
  public static ParquetTable read(Path file) throws SQLException {
    try (DuckDb database = DuckDb.open(file.toAbsolutePath().resolveSibling("duckdb"))) {
      database.execute(
          "CREATE VIEW input AS SELECT * FROM read_parquet(" + DuckDb.text(file.toString()) + ")");
      return read(database, database.columns("input"));
    }
  }

  private static ParquetTable read(DuckDb database, List<ColumnInfo> columns) throws SQLException {
    int rows = Math.toIntExact(database.count("input"));
    Map<String, double[]> numbers = new LinkedHashMap<>();
    Map<String, @Nullable String[]> texts = new LinkedHashMap<>();
    for (ColumnInfo column : columns) {
      if (column.isNumeric()) {
        double[] values = new double[rows];
        Arrays.fill(values, Double.NaN);
        numbers.put(column.name(), values);
      } else {
        texts.put(column.name(), new @Nullable String[rows]);
      }
    }
    List<String> selected = new ArrayList<>();
    for (ColumnInfo column : columns) {
      String type = column.isNumeric() ? "DOUBLE" : "VARCHAR";
      selected.add("CAST(" + DuckDb.name(column.name()) + " AS " + type + ")");
    }
    try (Statement statement = database.connection().createStatement();
        ResultSet result =
            statement.executeQuery("SELECT " + String.join(", ", selected) + " FROM input")) {
      for (int row = 0; result.next(); row++) {
        for (int i = 0; i < columns.size(); i++) {
          readValue(result, i, row, columns.get(i), numbers, texts);
        }
      }
    }
    return new ParquetTable(rows, columns, numbers, texts);
  }

  private static void readValue(
      ResultSet result,
      int index,
      int row,
      ColumnInfo column,
      Map<String, double[]> numbers,
      Map<String, @Nullable String[]> texts)
      throws SQLException {
    double[] numeric = numbers.get(column.name());
    if (numeric != null) {
      double value = result.getDouble(index + 1);
      if (!result.wasNull()) {
        numeric[row] = value;
      }
      return;
    }
    @Nullable String[] textual = texts.get(column.name());
    if (textual != null) {
      textual[row] = result.getString(index + 1);
    }
  }

  public int rows() {
    return rows;
  }

  /** The columns, in the order of the file. */
  public List<ColumnInfo> columns() {
    return columns;
  }

  public boolean has(String column) {
    return numbers.containsKey(column) || texts.containsKey(column);
  }

  /**
   * A numeric column; NaN where the value is missing.
   *
   * @throws IllegalArgumentException if there is no such numeric column
   */
  public double[] numbers(String column) {
    double[] values = numbers.get(column);
    if (values == null) {
      throw new IllegalArgumentException("no numeric column " + column);
    }
    return values;
  }

  /**
   * A column as text; null where the value is missing.
   *
   * @throws IllegalArgumentException if there is no such textual column
   */
  public @Nullable String[] texts(String column) {
    @Nullable String[] values = texts.get(column);
    if (values == null) {
      throw new IllegalArgumentException("no textual column " + column);
    }
    return values;
  }
}
