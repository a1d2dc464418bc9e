package dev.mlhandoff.data.definition;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.definition.DeclaredFeature.Column;
import dev.mlhandoff.data.definition.DeclaredFeature.PerCategory;
import dev.mlhandoff.data.definition.DeclaredFeature.Ratio;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Whether the names of features are free, and lead somewhere where ratios use them. */
final class NameCheck {

  /**
   * How deep ratios may stand in ratios. Each is written out as one expression, which doubles with
   * every step.
   */
  private static final int DEEPEST = 4;

  /** Columns of the feature tables that are no features, and of tables joined to them. */
  private static final Set<String> RESERVED =
      Set.of(
          "entity_key",
          "label",
          "holdout",
          "fold",
          "event_time",
          "known_time",
          "visible_time",
          "as_of",
          "expired",
          "number",
          "local_key",
          "partition_number",
          "filename");

  private final Map<String, DeclaredFeature> features = new HashMap<>();
  private final Map<String, String> names;
  private final DatasetColumns columns;
  private final List<Problem> problems = new ArrayList<>();

  /**
   * @param names the name of every feature by its pointer, also of those that are not well-formed
   */
  NameCheck(Map<String, String> names, DatasetColumns columns) {
    this.names = names;
    this.columns = columns;
  }

  List<Problem> check(List<DeclaredFeature> wellFormed) {
    Map<String, String> taken = new HashMap<>();
    names.forEach((pointer, name) -> name(name, pointer, taken));
    wellFormed.forEach(feature -> features.put(feature.name(), feature));
    for (DeclaredFeature feature : wellFormed) {
      if (feature instanceof Ratio ratio) {
        operand(ratio, "numerator", ratio.numerator());
        operand(ratio, "denominator", ratio.denominator());
        int depth = depth(ratio, 0);
        if (depth > DEEPEST) {
          problems.add(
              new Problem(
                  ratio.declaration().pointer(),
                  "%s is a ratio of ratios more than %d deep, or of itself"
                      .formatted(ratio.name(), DEEPEST)));
        }
      }
    }
    return problems;
  }

  private void name(String name, String pointer, Map<String, String> taken) {
    String lower = name.toLowerCase(Locale.ROOT);
    String before = taken.putIfAbsent(lower, pointer);
    String why = columns.hidden().get(name);
    if (before != null) {
      problems.add(new Problem(pointer + "/name", name + " is the name of " + before));
    } else if (RESERVED.contains(lower)) {
      problems.add(new Problem(pointer + "/name", name + " is reserved"));
    } else if (why != null) {
      problems.add(new Problem(pointer + "/name", name + " is the name of " + why));
    }
  }

  private void operand(Ratio ratio, String property, String name) {
    String pointer = ratio.declaration().pointer() + "/" + property;
    DeclaredFeature operand = features.get(name);
    if (operand == null) {
      if (!names.containsValue(name)) {
        problems.add(new Problem(pointer, "the file declares no feature " + name));
      }
    } else if (operand instanceof PerCategory) {
      problems.add(new Problem(pointer, name + " is a feature for each category"));
    } else if (operand instanceof Column column
        && columns.entity(column.column()).map(ColumnInfo::type).orElse("").equals("VARCHAR")) {
      problems.add(new Problem(pointer, name + " is a text"));
    }
  }

  /** How deep ratios stand in it; more than is allowed for one that comes back to itself. */
  private int depth(DeclaredFeature feature, int above) {
    if (!(feature instanceof Ratio ratio) || above > DEEPEST) {
      return above;
    }
    int deepest = above + 1;
    for (String name : List.of(ratio.numerator(), ratio.denominator())) {
      DeclaredFeature operand = features.get(name);
      if (operand != null) {
        deepest = Math.max(deepest, depth(operand, above + 1));
      }
    }
    return deepest;
  }
}
