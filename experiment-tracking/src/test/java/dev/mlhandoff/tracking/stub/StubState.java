package dev.mlhandoff.tracking.stub;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a tracking server keeps. */
final class StubState {

  static final class Experiment {
    String id = "";
    String name = "";
    String stage = "active";
    final SortedMap<String, String> tags = new TreeMap<>();
  }

  /** A value of a metric, as it was sent. */
  record Point(String key, String value, long timestamp, long step) {}

  static final class Run {
    String id = "";
    String experiment = "";
    String name = "";
    String status = "RUNNING";
    String stage = "active";
    String artifactUri = "";
    long start;
    long end;
    final SortedMap<String, String> tags = new TreeMap<>();
    final SortedMap<String, String> params = new TreeMap<>();
    // A list, as in the file store: a repeated value stands there twice.
    final List<Point> metrics = new ArrayList<>();
  }

  static final class Version {
    int number;
    String source = "";
    String run = "";
    final SortedMap<String, String> tags = new TreeMap<>();
  }

  static final class Model {
    int next = 1;
    final SortedMap<String, String> tags = new TreeMap<>();
    final SortedMap<Integer, Version> versions = new TreeMap<>();
    final SortedMap<String, Integer> aliases = new TreeMap<>();
  }

  final Map<String, Experiment> experiments = new LinkedHashMap<>();
  final Map<String, Run> runs = new LinkedHashMap<>();
  final SortedMap<String, Model> models = new TreeMap<>();
  final SortedMap<String, byte[]> artifacts = new TreeMap<>();

  /** Everything that is not deleted, one line each, with what the server made up left out. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    Map<String, String> keys = new TreeMap<>();
    runs.values().forEach(run -> keys.put(run.id, run.tags.getOrDefault("handoff.key", "?")));
    experiments.values().forEach(e -> lines.add("experiment " + e.name + " " + e.tags));
    for (Run run : runs.values()) {
      if (run.stage.equals("deleted")) {
        continue;
      }
      SortedMap<String, String> tags = new TreeMap<>(run.tags);
      tags.computeIfPresent("mlflow.parentRunId", (tag, id) -> keys.getOrDefault(id, "unknown"));
      List<String> metrics = run.metrics.stream().map(Point::toString).sorted().toList();
      lines.add(
          "run %s '%s' %s %d-%d %s %s %s"
              .formatted(
                  keys.get(run.id),
                  run.name,
                  run.status,
                  run.start,
                  run.end,
                  tags,
                  run.params,
                  metrics));
      artifacts.forEach(
          (path, content) -> {
            if (path.contains("/" + run.id + "/")) {
              lines.add(
                  "artifact %s %s %d"
                      .formatted(
                          keys.get(run.id),
                          path.substring(path.indexOf("artifacts/")),
                          content.length));
            }
          });
    }
    models.forEach(
        (name, model) -> {
          for (Version version : model.versions.values()) {
            lines.add(
                "version %s of %s %s %s"
                    .formatted(
                        name,
                        keys.get(version.run),
                        version.source.replace(version.run, "RUN"),
                        version.tags));
          }
          model.aliases.forEach(
              (alias, number) -> {
                Version version = model.versions.get(number);
                lines.add(
                    "alias %s %s -> %s"
                        .formatted(name, alias, version == null ? "?" : keys.get(version.run)));
              });
        });
    lines.sort(null);
    return lines;
  }
}
