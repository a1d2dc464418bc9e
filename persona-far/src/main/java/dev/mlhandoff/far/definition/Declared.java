package dev.mlhandoff.far.definition;

import dev.mlhandoff.data.definition.DeclaredFeature;
import dev.mlhandoff.data.definition.DeclaredFeature.Declaration;
import dev.mlhandoff.far.features.FeatureDefinition;
import dev.mlhandoff.far.features.FeatureDefinition.Origin;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Candidate features with what their declaration says. */
final class Declared {

  private Declared() {}

  /**
   * A numeric feature.
   *
   * @param said in words, where the declaration has no description
   */
  static FeatureDefinition feature(
      DeclaredFeature declared,
      String name,
      String said,
      String expression,
      List<String> sources,
      @Nullable Integer windowDays) {
    return new FeatureDefinition(
        name,
        "NUMERIC",
        Objects.requireNonNullElse(declared.declaration().description(), said),
        expression,
        sources,
        windowDays,
        origin(declared.declaration()));
  }

  /** Another feature under a declared name. */
  static FeatureDefinition as(DeclaredFeature declared, FeatureDefinition feature) {
    return new FeatureDefinition(
        declared.name(),
        feature.kind(),
        Objects.requireNonNullElse(declared.declaration().description(), feature.description()),
        feature.expression(),
        feature.sources(),
        feature.windowDays(),
        origin(declared.declaration()));
  }

  private static Origin origin(Declaration declaration) {
    return new Origin(
        declaration.kind(), declaration.owner(), declaration.tags(), declaration.timeToLiveDays());
  }
}
