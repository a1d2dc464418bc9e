package dev.mlhandoff.data.catalog;

import org.jspecify.annotations.Nullable;

/**
 * What is to be predicted: a column of the entities with its positive value, or inactivity.
 *
 * @param column an entity column
 * @param positive the value that counts as 1; every other one that is not missing counts as 0
 * @param inactiveDays positive if no event follows within so many days after the as-of date
 * @param favourableDecision which predicted class, 0 or 1, is the better one for the person
 *     concerned; fairness is judged by it
 */
public record Target(
    @Nullable String column,
    @Nullable String positive,
    @Nullable Integer inactiveDays,
    @Nullable Integer favourableDecision) {

  public Target {
    if ((column == null) == (inactiveDays == null)) {
      throw new IllegalArgumentException("a target names either column or inactiveDays");
    }
    if (column != null && positive == null) {
      throw new IllegalArgumentException("a target with a column names its positive value");
    }
    if (inactiveDays != null && inactiveDays < 1) {
      throw new IllegalArgumentException("inactiveDays is at least 1");
    }
    if (favourableDecision != null && favourableDecision != 0 && favourableDecision != 1) {
      throw new IllegalArgumentException("favourableDecision is 0 or 1");
    }
  }
}
