package dev.mlhandoff.data.catalog;

import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What holds for the feature views that projects make from a dataset.
 *
 * @param owner who answers for them
 * @param tags words to find them by
 * @param timeToLiveDays a value counts for so many days after the as-of date; null for ever
 * @param knownAt the day by whose end the sources were complete; null for the as-of date
 */
public record FeatureViews(
    @Nullable String owner,
    List<String> tags,
    @Nullable Integer timeToLiveDays,
    @Nullable LocalDate knownAt) {

  /** What holds if the catalog says nothing. */
  public static final FeatureViews DEFAULT = new FeatureViews(null, List.of(), null, null);

  public FeatureViews {
    tags = List.copyOf(Objects.requireNonNullElse(tags, List.of()));
    if (timeToLiveDays != null && timeToLiveDays < 1) {
      throw new IllegalArgumentException("timeToLiveDays is at least 1");
    }
  }
}
