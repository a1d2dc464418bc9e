package dev.mlhandoff.data.definition;

import dev.mlhandoff.data.definition.DeclaredFeature.Aggregate;
import dev.mlhandoff.data.definition.DeclaredFeature.Between;
import dev.mlhandoff.data.definition.DeclaredFeature.Change;
import dev.mlhandoff.data.definition.DeclaredFeature.Column;
import dev.mlhandoff.data.definition.DeclaredFeature.Declaration;
import dev.mlhandoff.data.definition.DeclaredFeature.Gap;
import dev.mlhandoff.data.definition.DeclaredFeature.Measure;
import dev.mlhandoff.data.definition.DeclaredFeature.Part;
import dev.mlhandoff.data.definition.DeclaredFeature.PerCategory;
import dev.mlhandoff.data.definition.DeclaredFeature.Ratio;
import dev.mlhandoff.data.definition.DeclaredFeature.Seasonality;
import dev.mlhandoff.data.definition.DeclaredFeature.Trend;
import dev.mlhandoff.data.definition.DeclaredFeature.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads definitions one by one; one that is not well-formed leaves its problems behind. */
final class DefinitionReader {

  /** Longest window; with whole days of this number every date of the calendar stays a date. */
  static final int MOST_DAYS = 36_500;

  private static final int MOST_CATEGORIES = 50;
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,62}");

  private final List<Problem> problems = new ArrayList<>();

  List<Problem> problems() {
    return problems;
  }

  /** The feature; empty if it is not well-formed. */
  Optional<DeclaredFeature> read(JsonNode definition, String pointer) {
    if (!definition.isObject()) {
      problems.add(new Problem(pointer, "a feature is a mapping with name and kind"));
      return Optional.empty();
    }
    int before = problems.size();
    FeatureNode node = new FeatureNode(definition, pointer, problems);
    String name = node.required("name");
    if (!name.isEmpty() && !NAME.matcher(name).matches()) {
      node.wrong("name", "a name has up to 63 letters, digits and _, a letter first");
    }
    String kind = node.required("kind");
    Declaration declaration =
        new Declaration(
            kind,
            name,
            node.text("description"),
            node.text("owner"),
            node.texts("tags"),
            node.whole("timeToLiveDays", 1, MOST_DAYS),
            pointer);
    DeclaredFeature feature = ofKind(declaration, node);
    if (feature == null) {
      if (!kind.isEmpty()) {
        node.wrong(
            "kind",
            "kind is one of window, ratio, trend, gap, seasonality, perCategory, column, not "
                + kind);
      }
      return Optional.empty();
    }
    node.finish();
    return problems.size() == before ? Optional.of(feature) : Optional.empty();
  }

  private static @Nullable DeclaredFeature ofKind(Declaration declaration, FeatureNode node) {
    return switch (declaration.kind()) {
      case "window" -> window(declaration, node);
      case "ratio" ->
          new Ratio(declaration, node.required("numerator"), node.required("denominator"));
      case "trend" -> trend(declaration, node);
      case "gap" -> new Gap(declaration, node.choice("of", Between.class, null));
      case "seasonality" -> seasonality(declaration, node);
      case "perCategory" -> perCategory(declaration, node);
      case "column" -> new Column(declaration, node.required("column"));
      default -> null;
    };
  }

  private static Window window(Declaration declaration, FeatureNode node) {
    Aggregate of = node.choice("of", Aggregate.class, null);
    String column = of == Aggregate.COUNT ? node.text("column") : node.required("column");
    return new Window(declaration, of, column, node.whole("days", 1, MOST_DAYS));
  }

  private static Trend trend(Declaration declaration, FeatureNode node) {
    Change of = node.choice("of", Change.class, null);
    String column = of == Change.SLOPE ? node.required("column") : node.text("column");
    return new Trend(declaration, of, column, node.whole("days", 1, MOST_DAYS, null));
  }

  private static Seasonality seasonality(Declaration declaration, FeatureNode node) {
    List<String> given = node.present("weekdays", "months", "hours");
    List<Integer> values = List.of();
    Part part = Part.WEEKDAYS;
    for (Part each : Part.values()) {
      String property = each.name().toLowerCase(Locale.ROOT);
      List<Integer> numbers = node.wholes(property, each.first(), each.last());
      if (given.contains(property)) {
        part = each;
        values = numbers;
      }
    }
    if (given.size() != 1) {
      node.wrong("", "seasonality has exactly one of weekdays, months, hours");
    }
    return new Seasonality(declaration, part, values, node.whole("days", 1, MOST_DAYS));
  }

  private static PerCategory perCategory(Declaration declaration, FeatureNode node) {
    Measure of = node.choice("of", Measure.class, Measure.SHARE);
    return new PerCategory(
        declaration,
        node.required("column"),
        of,
        of == Measure.SUM ? node.required("sumOf") : null,
        node.whole("top", 1, MOST_CATEGORIES, 8),
        node.whole("days", 1, MOST_DAYS));
  }
}
