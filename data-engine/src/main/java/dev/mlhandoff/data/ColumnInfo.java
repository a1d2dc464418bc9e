package dev.mlhandoff.data;

/** A column and DuckDB's name of its type. */
public record ColumnInfo(String name, String type) {

  /** Whether its values are numbers or truth values. */
  public boolean isNumeric() {
    return type.startsWith("DECIMAL")
        || type.endsWith("INT")
        || type.equals("INTEGER")
        || type.equals("DOUBLE")
        || type.equals("FLOAT")
        || type.equals("BOOLEAN");
  }

  /** Whether its values are dates or times. */
  public boolean isTemporal() {
    return type.equals("DATE") || type.startsWith("TIMESTAMP");
  }
}
