package dev.mlhandoff.far.definition;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.DuckDb;

/** A column of the events as a number that every aggregate can take. */
final class EventNumber {

  /** Beyond it, squares and their sums would leave the range of numbers. */
  private static final String LARGEST = "1e100";

  private EventNumber() {}

  /** Its SQL: exact where the type is, and without numbers that are absurdly large. */
  static String of(ColumnInfo column) {
    String sql = "e." + DuckDb.name(column.name());
    String type = column.type();
    if (type.equals("BOOLEAN")) {
      return "CAST(" + sql + " AS INTEGER)";
    }
    if (type.equals("DOUBLE") || type.equals("FLOAT") || type.endsWith("HUGEINT")) {
      return "CASE WHEN abs(CAST(%s AS DOUBLE)) < %s THEN CAST(%s AS DOUBLE) END"
          .formatted(sql, LARGEST, sql);
    }
    return sql;
  }
}
