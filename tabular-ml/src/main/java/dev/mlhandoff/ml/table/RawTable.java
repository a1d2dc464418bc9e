package dev.mlhandoff.ml.table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows of unfitted features. Missing is NaN in numeric and null in categorical columns. */
public final class RawTable {

  private final int rows;
  private final List<RawColumn> columns;
  private final Map<String, double[]> numbers;
  private final Map<String, @Nullable String[]> categories;

  private RawTable(
      int rows,
      List<RawColumn> columns,
      Map<String, double[]> numbers,
      Map<String, @Nullable String[]> categories) {
    this.rows = rows;
    this.columns = List.copyOf(columns);
    this.numbers = numbers;
    this.categories = categories;
  }

  /** Starts a table of so many rows. */
  public static Builder builder(int rows) {
    return new Builder(rows);
  }

  /** One row from a record; absent keys are missing values. */
  public static RawTable ofRecord(List<RawColumn> columns, Map<String, ?> values) {
    Builder builder = builder(1);
    for (RawColumn column : columns) {
      Object value = values.get(column.name());
      if (column.kind() == Kind.NUMERIC) {
        double number = value instanceof Number n ? n.doubleValue() : Double.NaN;
        builder.numeric(column.name(), new double[] {number});
      } else {
        builder.categorical(
            column.name(), new @Nullable String[] {value == null ? null : value.toString()});
      }
    }
    return builder.build();
  }

  public int rows() {
    return rows;
  }

  public List<RawColumn> columns() {
    return columns;
  }

  /**
   * How a column is read.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public Kind kind(String name) {
    if (numbers.containsKey(name)) {
      return Kind.NUMERIC;
    }
    if (categories.containsKey(name)) {
      return Kind.CATEGORICAL;
    }
    throw new IllegalArgumentException("no raw column " + name);
  }

  /** A numeric column, with infinities read as missing. */
  public double[] numbers(String name) {
    double[] values = numbers.get(name);
    if (values == null) {
      throw new IllegalArgumentException("no numeric column " + name);
    }
    return values;
  }

  public @Nullable String[] categories(String name) {
    @Nullable String[] values = categories.get(name);
    if (values == null) {
      throw new IllegalArgumentException("no categorical column " + name);
    }
    return values;
  }

  /** The rows at the given positions, in that order. */
  public RawTable select(int[] positions) {
    Builder builder = builder(positions.length);
    for (RawColumn column : columns) {
      if (column.kind() == Kind.NUMERIC) {
        double[] from = numbers(column.name());
        double[] to = new double[positions.length];
        for (int i = 0; i < positions.length; i++) {
          to[i] = from[positions[i]];
        }
        builder.numeric(column.name(), to);
      } else {
        @Nullable String[] from = categories(column.name());
        @Nullable String[] to = new @Nullable String[positions.length];
        for (int i = 0; i < positions.length; i++) {
          to[i] = from[positions[i]];
        }
        builder.categorical(column.name(), to);
      }
    }
    return builder.build();
  }

  /** One row as a record; missing values are null. */
  public Map<String, @Nullable Object> record(int row) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (RawColumn column : columns) {
      if (column.kind() == Kind.NUMERIC) {
        double value = numbers(column.name())[row];
        values.put(column.name(), Double.isNaN(value) ? null : value);
      } else {
        values.put(column.name(), categories(column.name())[row]);
      }
    }
    return values;
  }

  /** Collects columns. */
  public static final class Builder {
    private final int rows;
    private final List<RawColumn> columns = new ArrayList<>();
    private final Map<String, double[]> numbers = new LinkedHashMap<>();
    private final Map<String, @Nullable String[]> categories = new LinkedHashMap<>();

    private Builder(int rows) {
      this.rows = rows;
    }

    /** Adds a numeric column; infinities become missing. */
    public Builder numeric(String name, double[] values) {
      double[] finite = values.clone();
      for (int i = 0; i < finite.length; i++) {
        if (Double.isInfinite(finite[i])) {
          finite[i] = Double.NaN;
        }
      }
      check(values.length, name);
      columns.add(new RawColumn(name, Kind.NUMERIC));
      numbers.put(name, finite);
      return this;
    }

    /** Adds a categorical column. */
    public Builder categorical(String name, @Nullable String[] values) {
      check(values.length, name);
      columns.add(new RawColumn(name, Kind.CATEGORICAL));
      categories.put(name, values.clone());
      return this;
    }

    public RawTable build() {
      return new RawTable(rows, columns, numbers, categories);
    }

    private void check(int length, String name) {
      if (length != rows) {
        throw new IllegalArgumentException(name + " has " + length + " rows, not " + rows);
      }
    }
  }
}
