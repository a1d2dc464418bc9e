package dev.mlhandoff.card.lineage;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Data that a stage reads or writes.
 *
 * @param name unique in the namespace
 * @param version SHA-256 of its content; null for data that is not kept
 * @param bytes its size; null if unknown
 * @param rows null for what is no table
 * @param columns in the order of the file
 * @param sources where each column comes from
 * @param checks data-quality checks that were put to it
 */
public record LineageDataset(
    String name,
    @Nullable String version,
    @Nullable Long bytes,
    @Nullable Long rows,
    List<Column> columns,
    SortedMap<String, List<Source>> sources,
    List<Check> checks) {

  /**
   * A column and what its values are like.
   *
   * @param nulls missing values; null if they were not counted
   * @param lowest null for what is no number
   */
  public record Column(
      String name,
      String type,
      @Nullable Long nulls,
      @Nullable Double lowest,
      @Nullable Double highest) {}

  /**
   * A column of another dataset.
   *
   * @param direct whether its values make up the column, or only say which rows count
   * @param how what was done to it, in words
   */
  public record Source(String dataset, String column, boolean direct, String how) {}

  /** A check and its result. */
  public record Check(String name, boolean passed, String severity) {}

  public LineageDataset {
    columns = List.copyOf(columns);
    sources = new TreeMap<>(sources);
    checks = List.copyOf(checks);
  }

  /** One of which only the name is known. */
  public static LineageDataset named(String name) {
    return new LineageDataset(name, null, null, null, List.of(), new TreeMap<>(), List.of());
  }
}
