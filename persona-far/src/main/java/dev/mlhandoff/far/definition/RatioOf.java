package dev.mlhandoff.far.definition;

import dev.mlhandoff.data.definition.DeclaredFeature.Ratio;
import dev.mlhandoff.far.features.FeatureDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One feature over another as one expression, so that the ratio has the source columns of both. A
 * column of the entities that meets events is the same in all rows of its entity.
 */
final class RatioOf {

  private RatioOf() {}

  static FeatureDefinition features(
      Ratio ratio, FeatureDefinition numerator, FeatureDefinition denominator) {
    boolean events = ofEvents(numerator) || ofEvents(denominator);
    return Declared.feature(
        ratio,
        ratio.name(),
        ratio.numerator() + " over " + ratio.denominator(),
        EventFeatures.finite(
            "CAST(%s AS DOUBLE) / nullif(CAST(%s AS DOUBLE), 0)"
                .formatted(operand(numerator, events), operand(denominator, events))),
        sources(numerator, denominator),
        windowDays(numerator, denominator));
  }

  private static boolean ofEvents(FeatureDefinition feature) {
    return feature.sources().get(0).startsWith("events.");
  }

  private static String operand(FeatureDefinition feature, boolean events) {
    return events && !ofEvents(feature)
        ? "any_value(" + feature.expression() + ")"
        : "(" + feature.expression() + ")";
  }

  /** Those of events first: by the first one a feature is known to be of events. */
  private static List<String> sources(FeatureDefinition numerator, FeatureDefinition denominator) {
    List<String> all =
        Stream.concat(numerator.sources().stream(), denominator.sources().stream())
            .distinct()
            .toList();
    List<String> sources = new ArrayList<>();
    all.stream().filter(source -> source.startsWith("events.")).forEach(sources::add);
    all.stream().filter(source -> !source.startsWith("events.")).forEach(sources::add);
    return sources;
  }

  /** The longer one; null if one of events looks at the whole history. */
  private static @Nullable Integer windowDays(
      FeatureDefinition numerator, FeatureDefinition denominator) {
    int longest = 0;
    for (FeatureDefinition feature : List.of(numerator, denominator)) {
      Integer days = feature.windowDays();
      if (days != null) {
        longest = Math.max(longest, days);
      } else if (ofEvents(feature)) {
        return null;
      }
    }
    return longest == 0 ? null : longest;
  }
}
