package dev.mlhandoff.data.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One declared data-quality check on a column of the entities or events.
 *
 * @param on {@code entities} or {@code events}
 * @param maxMissing largest share of missing values, 0 to 1
 * @param values the allowed values
 * @param severity HARD stops the run, WARN is reported
 */
public record Check(
    String on,
    String column,
    @Nullable Double min,
    @Nullable Double max,
    @Nullable Double maxMissing,
    @Nullable List<String> values,
    Severity severity) {

  /** What a failed check does. */
  public enum Severity {
    HARD,
    WARN
  }
}
