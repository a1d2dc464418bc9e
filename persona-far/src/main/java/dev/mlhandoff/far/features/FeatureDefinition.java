package dev.mlhandoff.far.features;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One candidate feature.
 *
 * @param expression the SQL that computes it
 * @param sources source columns, as {@code table.column}
 * @param windowDays days up to the as-of date that it looks at; null for no limit
 * @param declared null for a feature that is derived without being declared
 */
public record FeatureDefinition(
    String name,
    String kind,
    String description,
    String expression,
    List<String> sources,
    @Nullable Integer windowDays,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Origin declared) {

  /**
   * Where a declared feature comes from.
   *
   * @param as the kind of its definition
   * @param owner who answers for it, if the file says
   * @param timeToLiveDays a value counts for so long and no longer than its view's; null if the
   *     file does not say
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Origin(
      String as, @Nullable String owner, List<String> tags, @Nullable Integer timeToLiveDays) {

    public Origin {
      tags = List.copyOf(tags);
    }
  }

  /** A derived feature. */
  public FeatureDefinition(
      String name,
      String kind,
      String description,
      String expression,
      List<String> sources,
      @Nullable Integer windowDays) {
    this(name, kind, description, expression, sources, windowDays, null);
  }

  /** A feature that looks at everything up to the as-of date. */
  public FeatureDefinition(
      String name, String kind, String description, String expression, List<String> sources) {
    this(name, kind, description, expression, sources, null, null);
  }

  /** Days that a value counts, if that is declared. */
  public @Nullable Integer timeToLiveDays() {
    return declared == null ? null : declared.timeToLiveDays();
  }

  /** The same under another name. */
  FeatureDefinition named(String other) {
    return new FeatureDefinition(
        other, kind, description, expression, sources, windowDays, declared);
  }
}
