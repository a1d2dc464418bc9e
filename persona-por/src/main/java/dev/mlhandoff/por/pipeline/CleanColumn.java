package dev.mlhandoff.por.pipeline;

import dev.mlhandoff.data.DuckDb;
import java.util.List;

/**
 * One column of a cleaned table and the rule that makes it.
 *
 * @param expression SQL over the raw table
 */
record CleanColumn(
    String name, Role role, String expression, String rule, ColumnLineage.SourceColumn source) {

  /** What a column is for. */
  enum Role {
    KEY,
    TIME,
    AMOUNT,
    EVENT_KEY,
    FEATURE,
    PROTECTED,
    /** The column of a declared target, this run's or another's; it would tell the answer. */
    TARGET
  }

  String selected() {
    return expression + " AS " + DuckDb.name(name);
  }

  ColumnLineage lineage(String table) {
    return new ColumnLineage(table + "." + name, role.name(), List.of(source), rule);
  }
}
