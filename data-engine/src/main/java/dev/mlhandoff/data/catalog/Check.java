package dev.mlhandoff.data.catalog;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One declared data-quality check on a column of the entities or events.
 *
 * @param on {@code entities} or {@code events}
 * @param maxMissing largest share of missing values, 0 to 1
 * @param values the allowed values
 * @param severity HARD (if left out) stops the run, WARN is reported
 */
public record Check(
    String on,
    String column,
    @Nullable Double min,
    @Nullable Double max,
    @Nullable Double maxMissing,
    @Nullable List<String> values,
    Severity severity) {

  public Check {
    if (!"entities".equals(on) && !"events".equals(on)) {
      throw new IllegalArgumentException("a check is on entities or on events");
    }
    if (column == null) {
      throw new IllegalArgumentException("a check names a column");
    }
    severity = Objects.requireNonNullElse(severity, Severity.HARD);
  }

  /** What a failed check does. */
  public enum Severity {
    HARD,
    WARN
  }
}
