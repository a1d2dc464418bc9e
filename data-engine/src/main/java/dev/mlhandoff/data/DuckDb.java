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

  private final Connection connection;

  private DuckDb(Connection connection) {
    this.connection = connection;
  }

  /** Opens an empty database whose temporary files lie in the folder. */
  public static DuckDb open(Path folder) throws SQLException {
    DuckDb database = new DuckDb(DriverManager.getConnection("jdbc:duckdb:"));
    database.execute("SET threads = 1");
    database.execute("SET memory_limit = '600MB'");
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
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("DESCRIBE " + name(table))) {
      List<ColumnInfo> columns = new ArrayList<>();
      while (rows.next()) {
        columns.add(new ColumnInfo(rows.getString(1), rows.getString(2)));
      }
      return columns;
    }
  }

  /** Writes a query's rows as Parquet; equal rows in equal order give equal bytes. */
  public void writeParquet(String query, Path file) throws SQLException {
    execute("COPY (" + query + ") TO " + text(file.toString()) + " (FORMAT PARQUET)");
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
