package dev.mlhandoff.data.definition;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.definition.DeclaredFeature.Aggregate;
import dev.mlhandoff.data.definition.DeclaredFeature.Column;
import dev.mlhandoff.data.definition.DeclaredFeature.PerCategory;
import dev.mlhandoff.data.definition.DeclaredFeature.Ratio;
import dev.mlhandoff.data.definition.DeclaredFeature.Trend;
import dev.mlhandoff.data.definition.DeclaredFeature.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Holds well-formed definitions against the columns of the dataset. */
final class DefinitionCheck {

  /** Columns that a message lists. */
  private static final int MOST_NAMED = 30;

  private final DatasetColumns columns;
  private final List<Problem> problems = new ArrayList<>();

  DefinitionCheck(DatasetColumns columns) {
    this.columns = columns;
  }

  /** What names columns that are not there, may not be named, or are of the wrong type. */
  List<Problem> check(List<DeclaredFeature> features) {
    features.forEach(this::check);
    return problems;
  }

  private void check(DeclaredFeature feature) {
    if (feature instanceof Column one) {
      entity(one);
      return;
    }
    if (feature instanceof Ratio) {
      return;
    }
    if (!columns.hasEvents()) {
      wrong(feature, "kind", "the dataset has no events");
      return;
    }
    if (feature instanceof Window one) {
      boolean anyType = one.of() == Aggregate.COUNT || one.of() == Aggregate.DISTINCT;
      event(one, "column", one.column(), !anyType);
    } else if (feature instanceof Trend one) {
      event(one, "column", one.column(), true);
    } else if (feature instanceof PerCategory one) {
      event(one, "column", one.column(), false);
      event(one, "sumOf", one.sumOf(), true);
    }
  }

  private void entity(Column feature) {
    Optional<ColumnInfo> column = columns.entity(feature.column());
    if (column.isEmpty()) {
      unknown(feature, "column", "entities", feature.column(), columns.entities());
    } else if (column.get().isTemporal() && !columns.hasEvents()) {
      wrong(feature, "column", feature.column() + " is a date, and there is no as-of date");
    }
  }

  private void event(
      DeclaredFeature feature, String property, @Nullable String name, boolean number) {
    if (name == null) {
      return;
    }
    Optional<ColumnInfo> column = columns.event(name);
    if (column.isEmpty()) {
      unknown(feature, property, "events", name, columns.events());
    } else if (number && !column.get().isNumeric()) {
      wrong(
          feature,
          property,
          "%s is %s, and this needs numbers".formatted(name, column.get().type()));
    }
  }

  private void unknown(
      DeclaredFeature feature, String property, String table, String name, List<ColumnInfo> known) {
    String why = columns.hidden().get(name);
    wrong(
        feature,
        property,
        why != null
            ? "%s is %s and can be no feature".formatted(name, why)
            : "the %s have no column %s, only %s".formatted(table, name, named(known)));
  }

  private static List<String> named(List<ColumnInfo> columns) {
    return Stream.concat(
            columns.stream().limit(MOST_NAMED).map(ColumnInfo::name),
            columns.size() > MOST_NAMED ? Stream.of("...") : Stream.of())
        .toList();
  }

  private void wrong(DeclaredFeature feature, String property, String message) {
    problems.add(new Problem(feature.declaration().pointer() + "/" + property, message));
  }
}
