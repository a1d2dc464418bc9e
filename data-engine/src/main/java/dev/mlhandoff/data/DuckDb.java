package dev.mlhandoff.data;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * A DuckDB database in a folder, which spills to disk what memory does not hold. It runs on one
 * thread: with more, sums of floating-point numbers differ from run to run.
 */
public final class DuckDb implements AutoCloseable {

  /** The engine's own number of rows in a Parquet row group. */
  private static final long ROWS_IN_GROUP = 122_880;

  private static final long VALUES_IN_GROUP = 4_000_000;
  private static final long VECTOR = 2048;

  private final Connection connection;

  private DuckDb(Connection connection) {
    this.connection = connection;
  }

  /** Opens an empty database whose temporary files lie in the folder. */
  public static DuckDb open(Path folder) throws SQLException {
    DuckDb database = new DuckDb(DriverManager.getConnection("jdbc:duckdb:"));
    database.execute("SET threads = 1");
    database.execute("SET memory_limit = '400MB'");
    database.execute("SET temp_directory = " + text(folder.resolve("spill").toString()));
    database.execute("SET TimeZone = 'UTC'");
    return database;
  }

  /** Runs a statement. */
  public void execute(String sql) throws SQLException {
    // A failed statement closes its Statement object, so each gets its own.
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The single number that a query returns; 0 for null. */
  public long number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  /** The first column of a query as texts, nulls left out. */
  public List<String> texts(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> texts = new ArrayList<>();
      while (rows.next()) {
        String value = rows.getString(1);
        if (value != null) {
          texts.add(value);
        }
      }
      return texts;
    }
  }

  /** Number of rows of a table. */
  public long count(String table) throws SQLException {
    return number("SELECT count(*) FROM " + name(table));
  }

  /** The columns of a table, in order. */
  public List<ColumnInfo> columns(String table) throws SQLException {
    return described("SELECT * FROM " + name(table));
  }

  /** The columns of a query's result, in order. */
  public List<ColumnInfo> described(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("DESCRIBE " + query)) {
      List<ColumnInfo> columns = new ArrayList<>();
      while (rows.next()) {
        columns.add(new ColumnInfo(rows.getString(1), rows.getString(2)));
      }
      return columns;
    }
  }

  /** Writes a query's rows as Parquet; equal rows in equal order give equal bytes. */
  public void writeParquet(String query, Path file) throws SQLException {
    execute(
        "COPY (%s) TO %s (FORMAT PARQUET, ROW_GROUP_SIZE %d)"
            .formatted(query, text(file.toString()), rowGroup(query)));
  }

  /** A group of rows is in memory as a whole, so the more columns it has the fewer are its rows. */
  private long rowGroup(String query) throws SQLException {
    long rows = VALUES_IN_GROUP / Math.max(1, described(query).size()) / VECTOR * VECTOR;
    return Math.max(VECTOR, Math.min(ROWS_IN_GROUP, rows));
  }

  /** What is done with the row that a result stands at. */
  @FunctionalInterface
  public interface RowReader {
    void read(ResultSet row) throws SQLException;
  }

  /**
   * Reads a query's rows one after the other as the engine computes them, so that they are never
   * all in memory. No other statement may run meanwhile.
   */
  public void each(String query, RowReader reader) throws SQLException {
    execute("SET jdbc_stream_results = true");
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        reader.read(rows);
      }
    } finally {
      execute("SET jdbc_stream_results = false");
    }
  }

  /** The connection itself, for appenders. */
  public Connection connection() {
    return connection;
  }

  /** A quoted identifier. */
  public static String name(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /** A quoted text literal. */
  public static String text(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
