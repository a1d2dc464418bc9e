package dev.mlhandoff.por.pipeline;

import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What the cleaned dataset is; the features are built from this and the files.
 *
 * @param asOf ISO date, if the dataset has events
 * @param counts rows by what they are
 */
public record DatasetDescription(
    String dataset,
    String target,
    String label,
    @Nullable String asOf,
    boolean hasAmount,
    List<Column> entityColumns,
    List<Column> eventColumns,
    SortedMap<String, Long> counts,
    double prevalence) {

  /**
   * A column.
   *
   * @param type DuckDB's name of its type
   * @param role FEATURE or PROTECTED
   */
  public record Column(String name, String type, String role) {}
}
