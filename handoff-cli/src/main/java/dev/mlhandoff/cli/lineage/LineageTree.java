package dev.mlhandoff.cli.lineage;

import java.util.ArrayList;
import java.util.List;

/**
 * What something comes from, or goes into, as lines that are indented by their distance. A name is
 * looked for among models, their columns, features, cleaned columns and source columns.
 */
public final class LineageTree {

  private final List<ModelLineage> models;

  public LineageTree(List<ModelLineage> models) {
    this.models = List.copyOf(models);
  }

  /** Every place where the name stands; empty if there is none. */
  public List<String> of(String name) {
    List<String> lines = new ArrayList<>();
    for (ModelLineage model : models) {
      if (name.equals(model.project()) || name.equals(model.key())) {
        model(model, lines);
      } else if (model.features().containsKey(name)) {
        feature(model, name, lines);
      } else if (model.served().containsKey(name)) {
        served(model, name, 0, lines);
      }
      for (String column : model.columns().keySet()) {
        if (isNamed(column, name)
            || model.sourcesOf(column).stream().anyMatch(source -> isNamed(source, name))) {
          column(model, column, lines);
        }
      }
    }
    return lines;
  }

  private void model(ModelLineage model, List<String> lines) {
    line(lines, 0, "model " + model.key());
    model.served().keySet().forEach(column -> served(model, column, 1, lines));
  }

  private void served(ModelLineage model, String column, int depth, List<String> lines) {
    line(lines, depth, "<- model column %s of %s".formatted(column, model.key()));
    for (String feature : model.served().getOrDefault(column, List.of())) {
      back(model, feature, depth + 1, lines);
    }
  }

  private void feature(ModelLineage model, String feature, List<String> lines) {
    line(lines, 0, "feature %s of %s".formatted(feature, model.key()));
    for (String column : model.columnsOf(feature)) {
      column(model, column, 1, lines);
    }
    forward(model, feature, 1, lines);
  }

  private void back(ModelLineage model, String feature, int depth, List<String> lines) {
    line(lines, depth, "<- feature " + feature);
    for (String column : model.columnsOf(feature)) {
      column(model, column, depth + 1, lines);
    }
  }

  /** A cleaned column and its sources; features of other projects are followed there. */
  private void column(ModelLineage model, String column, int depth, List<String> lines) {
    line(lines, depth, "<- column " + column);
    for (String source : model.sourcesOf(column)) {
      line(lines, depth + 1, "<- source " + source);
    }
    for (ModelLineage origin : models) {
      if (!origin.equals(model) && isOf(origin, column)) {
        back(origin, column.substring(column.lastIndexOf('.') + 1), depth + 1, lines);
      }
    }
  }

  private void column(ModelLineage model, String column, List<String> lines) {
    line(lines, 0, "column %s of %s".formatted(column, model.key()));
    for (String source : model.sourcesOf(column)) {
      line(lines, 1, "<- source " + source);
    }
    model
        .features()
        .forEach(
            (feature, columns) -> {
              if (columns.contains(column)) {
                line(lines, 1, "-> feature " + feature);
                forward(model, feature, 2, lines);
              }
            });
  }

  /** The models that use a feature, those of projects that imported it among them. */
  private void forward(ModelLineage model, String feature, int depth, List<String> lines) {
    List<String> served = model.servedFrom(feature);
    if (served.isEmpty()) {
      line(lines, depth, "-> no column of " + model.key());
    }
    for (String column : served) {
      line(lines, depth, "-> model column %s of %s".formatted(column, model.key()));
    }
    for (ModelLineage other : models) {
      other
          .features()
          .forEach(
              (imported, columns) -> {
                if (!other.equals(model)
                    && columns.stream()
                        .anyMatch(
                            column -> isOf(model, column) && column.endsWith("." + feature))) {
                  line(lines, depth, "-> feature %s of %s".formatted(imported, other.key()));
                  forward(other, imported, depth + 1, lines);
                }
              });
    }
  }

  /** Whether a column is a feature of that model's project, of its very version. */
  private static boolean isOf(ModelLineage model, String column) {
    return column.startsWith(model.project() + "/") && column.contains("@" + model.version() + ".");
  }

  /** By its whole name, or by what stands behind the table or the source. */
  private static boolean isNamed(String column, String name) {
    return column.equals(name) || column.endsWith("." + name) || column.endsWith(": " + name);
  }

  private static void line(List<String> lines, int depth, String text) {
    lines.add("  ".repeat(depth) + text.replaceAll("\\p{Cntrl}", " "));
  }
}
