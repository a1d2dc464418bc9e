package dev.mlhandoff.data.catalog;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the entities of this dataset are found among those of another.
 *
 * @param from name of the other dataset
 * @param keys a source with one row a pair of keys; null if equal keys name the same entity
 * @param key its column with this dataset's key
 * @param otherKey its column with the other dataset's key
 * @param confidence its column with how sure a pair is, 0 to 1; null if every pair is sure
 * @param threshold pairs below it do not count
 */
public record EntityMapping(
    String from,
    @Nullable Source keys,
    String key,
    String otherKey,
    @Nullable String confidence,
    @Nullable Double threshold) {

  public EntityMapping {
    if (from == null) {
      throw new IllegalArgumentException("an entity mapping names the dataset it is from");
    }
    key = Objects.requireNonNullElse(key, "key");
    otherKey = Objects.requireNonNullElse(otherKey, "other_key");
    if ((confidence == null) != (threshold == null)) {
      throw new IllegalArgumentException("confidence and threshold go together");
    }
    if (threshold != null && !(threshold >= 0 && threshold <= 1)) {
      throw new IllegalArgumentException("the threshold of an entity mapping is 0 to 1");
    }
  }
}
