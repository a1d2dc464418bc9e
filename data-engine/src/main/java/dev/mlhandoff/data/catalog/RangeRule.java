package dev.mlhandoff.data.catalog;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What happens to numbers out of their range. Without such a rule they stay as they are.
 *
 * @param on {@code entities} or {@code events}
 * @param min smallest number of the range
 * @param max largest number of the range
 * @param outside what is done with the others
 */
public record RangeRule(
    String on, String column, @Nullable Double min, @Nullable Double max, Outside outside) {

  public RangeRule {
    if (!"entities".equals(on) && !"events".equals(on)) {
      throw new IllegalArgumentException("a range is on entities or on events");
    }
    if (column == null || (min == null && max == null)) {
      throw new IllegalArgumentException("a range names a column and min or max");
    }
    Objects.requireNonNull(outside, "a range says what is done outside");
  }

  /** What is done with a number out of range. */
  public enum Outside {
    /** It becomes a missing value. */
    MISSING,
    /** It becomes the nearer end of the range. */
    CAP,
    /** Its row is put aside. */
    QUARANTINE
  }
}
