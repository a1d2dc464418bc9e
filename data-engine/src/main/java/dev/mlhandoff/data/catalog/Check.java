package dev.mlhandoff.data.catalog;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One declared data-quality check: of a column of the entities or events, of either table as a
 * whole, or of the label.
 *
 * @param on {@code entities}, {@code events} or {@code label}
 * @param column needed for what is said of values; left out for rows, age and overlap
 * @param min smallest number; on the label: smallest share of 1
 * @param max largest number; on the label: largest share of 1
 * @param maxMissing largest share of missing values, 0 to 1
 * @param values the allowed values
 * @param unique whether no value may stand there twice
 * @param type what the column's values must be
 * @param minRows smallest number of rows, as loaded
 * @param maxRows largest number of rows, as loaded
 * @param maxAgeDays the newest event up to the as-of date is at most so many days before its end
 * @param minOverlap smallest share, 0 to 1: on events those whose entity is known, on entities
 *     those that have events
 * @param severity HARD (if left out) stops the run, WARN is reported
 */
public record Check(
    String on,
    @Nullable String column,
    @Nullable Double min,
    @Nullable Double max,
    @Nullable Double maxMissing,
    @Nullable List<String> values,
    @Nullable Boolean unique,
    @Nullable ColumnType type,
    @Nullable Long minRows,
    @Nullable Long maxRows,
    @Nullable Integer maxAgeDays,
    @Nullable Double minOverlap,
    Severity severity) {

  public Check {
    severity = Objects.requireNonNullElse(severity, Severity.HARD);
    if (!"entities".equals(on) && !"events".equals(on) && !"label".equals(on)) {
      throw new IllegalArgumentException("a check is on entities, on events or on label");
    }
    boolean ofValues = given(maxMissing, values, unique, type);
    boolean ofTable = given(minRows, maxRows, maxAgeDays, minOverlap);
    if (on.equals("label") ? ofValues || ofTable || column != null : ofTable && column != null) {
      throw new IllegalArgumentException(
          "a check on "
              + on
              + (on.equals("label")
                  ? " has only min and max"
                  : " of rows, age or overlap has no column"));
    }
    if (!on.equals("label") && (ofValues || given(min, max)) && column == null) {
      throw new IllegalArgumentException("a check of values names a column");
    }
    if (maxAgeDays != null && !on.equals("events")) {
      throw new IllegalArgumentException("maxAgeDays is a check on events");
    }
    if (!ofValues && !ofTable && !given(min, max)) {
      throw new IllegalArgumentException("a check says what is checked");
    }
  }

  private static boolean given(@Nullable Object... properties) {
    return Stream.of(properties).anyMatch(Objects::nonNull);
  }

  /** What a failed check does. */
  public enum Severity {
    HARD,
    WARN
  }

  /** What the values of a column are. */
  public enum ColumnType {
    NUMBER,
    TRUTH,
    TIME,
    TEXT
  }
}
