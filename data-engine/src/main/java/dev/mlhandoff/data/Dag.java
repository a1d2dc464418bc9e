package dev.mlhandoff.data;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Named SQL steps, each making one table or view from earlier ones. What is executed is what is
 * written down: {@link #nodes} is the specification, with the row counts that were seen.
 */
public final class Dag {

  /**
   * One executed step.
   *
   * @param inputs names of the tables it reads
   * @param rowsIn rows of each input, in the order of {@code inputs}
   */
  public record Node(
      String name,
      String description,
      List<String> inputs,
      String sql,
      List<Long> rowsIn,
      long rowsOut) {}

  private final DuckDb database;
  private final Consumer<String> onStep;
  private final List<Node> nodes = new ArrayList<>();

  /**
   * @param onStep told the name of each step before it runs
   */
  public Dag(DuckDb database, Consumer<String> onStep) {
    this.database = database;
    this.onStep = onStep;
  }

  /** Runs a step that makes the table of its name. */
  public void table(String name, String description, List<String> inputs, String sql)
      throws SQLException {
    run("TABLE", name, description, inputs, sql);
  }

  /**
   * Runs a step that passes rows on: a view, which holds no copy of them and is computed by what
   * reads it.
   */
  public void view(String name, String description, List<String> inputs, String sql)
      throws SQLException {
    run("VIEW", name, description, inputs, sql);
  }

  /** Records a table that was loaded from outside. */
  public void source(String name, String description) throws SQLException {
    nodes.add(new Node(name, description, List.of(), "", List.of(), database.count(name)));
  }

  /** Runs a step that makes the table of its name in the order of a key that is unique. */
  public void ordered(String name, String description, List<String> inputs, String sql, String key)
      throws SQLException {
    String ordered = sql + " ORDER BY " + DuckDb.name(key);
    run(name, description, inputs, ordered, () -> OrderedTable.create(database, name, sql, key));
  }

  private void run(String kind, String name, String description, List<String> inputs, String sql)
      throws SQLException {
    run(
        name,
        description,
        inputs,
        sql,
        () -> database.execute("CREATE " + kind + " " + DuckDb.name(name) + " AS " + sql));
  }

  private interface Execution {
    void run() throws SQLException;
  }

  private void run(
      String name, String description, List<String> inputs, String sql, Execution execution)
      throws SQLException {
    onStep.accept(name);
    List<Long> rowsIn = new ArrayList<>();
    for (String input : inputs) {
      rowsIn.add(rows(input));
    }
    execution.run();
    nodes.add(new Node(name, description, List.copyOf(inputs), sql, rowsIn, database.count(name)));
  }

  /** Of a step as it was counted then: a view would be computed once more for it. */
  private long rows(String input) throws SQLException {
    for (Node node : nodes) {
      if (node.name().equals(input)) {
        return node.rowsOut();
      }
    }
    return database.count(input);
  }

  /** Every step so far, in the order of execution. */
  public List<Node> nodes() {
    return List.copyOf(nodes);
  }

  /** The steps as a Mermaid flow chart with row counts. */
  public String mermaid() {
    StringBuilder chart = new StringBuilder("flowchart LR\n");
    for (Node node : nodes) {
      chart.append(
          "  %s[\"%s<br/>%d rows\"]%n".formatted(node.name(), node.name(), node.rowsOut()));
    }
    for (Node node : nodes) {
      for (String input : node.inputs()) {
        chart.append("  %s --> %s%n".formatted(input, node.name()));
      }
    }
    return chart.toString();
  }
}
