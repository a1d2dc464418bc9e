package dev.mlhandoff.data;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Makes tables in the order of a key. A sort needs memory for the columns it moves, so a wide table
 * is sorted some columns at a time, and the parts are then put side by side.
 */
public final class OrderedTable {

  /** Columns that are sorted at once. */
  private static final int TOGETHER = 16;

  private OrderedTable() {}

  /**
   * Makes a table of a query's rows.
   *
   * @param query may be computed several times, each time with other columns
   * @param key a column whose values are different in every row, so that there is one order
   */
  public static void create(DuckDb database, String name, String query, String key)
      throws SQLException {
    List<String> columns =
        database.described(query).stream().map(ColumnInfo::name).map(DuckDb::name).toList();
    List<String> parts = new ArrayList<>();
    for (int from = 0; from < columns.size(); from += TOGETHER) {
      List<String> some = columns.subList(from, Math.min(from + TOGETHER, columns.size()));
      String part = DuckDb.name(columns.size() <= TOGETHER ? name : name + "#" + parts.size());
      database.execute(
          "CREATE TABLE %s AS SELECT %s FROM (%s) ORDER BY %s"
              .formatted(part, String.join(", ", some), query, DuckDb.name(key)));
      parts.add(part);
    }
    if (parts.size() > 1) {
      database.execute(
          "CREATE TABLE %s AS SELECT * FROM %s"
              .formatted(
                  DuckDb.name(name),
                  parts.stream().collect(Collectors.joining(" POSITIONAL JOIN "))));
      for (String part : parts) {
        database.execute("DROP TABLE " + part);
      }
    }
  }
}
