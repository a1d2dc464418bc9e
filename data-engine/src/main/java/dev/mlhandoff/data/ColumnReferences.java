package dev.mlhandoff.data;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Finds the columns that an SQL expression reads, by the parser of the engine that computes it. */
public final class ColumnReferences implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();

  private final DuckDb database;

  private ColumnReferences(DuckDb database) {
    this.database = database;
  }

  public static ColumnReferences open() throws SQLException {
    return new ColumnReferences(
        DuckDb.open(Path.of(System.getProperty("java.io.tmpdir")).resolve("duckdb")));
  }

  /**
   * The columns, each as {@code table.column} with the expression's own name of the table, or alone
   * where it names none.
   *
   * @throws IllegalArgumentException if it is no expression
   */
  public SortedSet<String> of(String expression) throws SQLException {
    List<String> parsed =
        database.texts("SELECT json_serialize_sql(" + DuckDb.text("SELECT " + expression) + ")");
    JsonNode tree = JSON.readTree(parsed.isEmpty() ? "{\"error\": true}" : parsed.get(0));
    if (tree.path("error").asBoolean(false)) {
      throw new IllegalArgumentException(
          "no SQL expression: %s: %s"
              .formatted(expression, tree.path("error_message").asString("")));
    }
    SortedSet<String> columns = new TreeSet<>();
    collect(tree, columns);
    return columns;
  }

  private static void collect(JsonNode node, SortedSet<String> columns) {
    if (node.path("class").asString("").equals("COLUMN_REF")) {
      JsonNode names = node.path("column_names");
      StringBuilder name = new StringBuilder();
      names.forEach(part -> name.append(name.isEmpty() ? "" : ".").append(part.asString("")));
      columns.add(name.toString());
    }
    node.forEach(child -> collect(child, columns));
  }

  @Override
  public void close() throws SQLException {
    database.close();
  }
}
