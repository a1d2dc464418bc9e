package dev.mlhandoff.far.features;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One candidate feature.
 *
 * @param expression the SQL that computes it
 * @param sources source columns, as {@code table.column}
 * @param windowDays days up to the as-of date that it looks at; null for no limit
 */
public record FeatureDefinition(
    String name,
    String kind,
    String description,
    String expression,
    List<String> sources,
    @Nullable Integer windowDays) {

  /** A feature that looks at everything up to the as-of date. */
  public FeatureDefinition(
      String name, String kind, String description, String expression, List<String> sources) {
    this(name, kind, description, expression, sources, null);
  }

  /** The same under another name. */
  FeatureDefinition named(String other) {
    return new FeatureDefinition(other, kind, description, expression, sources, windowDays);
  }
}
