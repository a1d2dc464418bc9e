package dev.mlhandoff.card;

import dev.mlhandoff.card.lineage.LineageDataset;
import dev.mlhandoff.card.lineage.LineageDataset.Check;
import dev.mlhandoff.card.lineage.LineageDataset.Source;
import dev.mlhandoff.card.lineage.RunEvents.StageData;
import dev.mlhandoff.data.ColumnReferences;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.RejectionException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import tools.jackson.databind.JsonNode;

/** What a stage read and wrote, from the artifacts that it delivered. */
final class StageTables {

  private static final String PARQUET = "application/vnd.apache.parquet";

  /** How the features' SQL calls the cleaned tables. */
  private static final Map<String, String> TABLES = Map.of("d", "dataset", "e", "events");

  /** What each stage reads, by role. */
  private static final Map<String, List<String>> READS =
      Map.of(
          StageIds.FEATURE_ENGINEERING, List.of("dataset"),
          StageIds.TRAINING, List.of("features"),
          StageIds.QUALITY_GATE, List.of("features", "oof-predictions", "holdout-labels", "model"),
          StageIds.GOVERNANCE, List.of("features", "oof-predictions", "model"),
          StageIds.INFERENCE, List.of("model"),
          StageIds.DEPLOYMENT, List.of("model"));

  private final ArtifactStore store;
  private final String project;
  private final Deliverable deliverable;

  StageTables(ArtifactStore store, String project, Deliverable deliverable) {
    this.store = store;
    this.project = project;
    this.deliverable = deliverable;
  }

  StageData read() throws IOException, RejectionException, SQLException {
    List<LineageDataset> inputs = new ArrayList<>();
    Map<String, SortedMap<String, List<Source>>> lineage = new TreeMap<>();
    switch (deliverable.stage()) {
      case StageIds.DATA_PIPELINE -> cleaned(inputs, lineage);
      case StageIds.FEATURE_ENGINEERING -> lineage.put("features", features());
      case StageIds.TRAINING -> lineage.put("model", model());
      default -> {}
    }
    for (String role : READS.getOrDefault(deliverable.stage(), List.of())) {
      inputs.add(LineageDataset.named(name(role)));
    }
    lineage
        .getOrDefault("features", new TreeMap<>())
        .values()
        .forEach(sources -> sources.forEach(source -> add(inputs, source.dataset())));
    List<LineageDataset> outputs = new ArrayList<>();
    for (Map.Entry<String, ArtifactRef> artifact : deliverable.artifacts().entrySet()) {
      String role = artifact.getKey().equals("model-bundle") ? "model" : artifact.getKey();
      outputs.add(output(artifact.getValue(), role, lineage.getOrDefault(role, new TreeMap<>())));
    }
    return new StageData(inputs, outputs);
  }

  private static void add(List<LineageDataset> inputs, String name) {
    if (inputs.stream().noneMatch(input -> input.name().equals(name))) {
      inputs.add(LineageDataset.named(name));
    }
  }

  private LineageDataset output(
      ArtifactRef ref, String role, SortedMap<String, List<Source>> sources)
      throws IOException, RejectionException, SQLException {
    if (!ref.mediaType().equals(PARQUET)) {
      return new LineageDataset(
          name(role), ref.sha256(), ref.bytes(), null, List.of(), sources, List.of());
    }
    TableStatistics table = TableStatistics.of(store, ref);
    return new LineageDataset(
        name(role), ref.sha256(), ref.bytes(), table.rows(), table.columns(), sources, List.of());
  }

  /** Cleaned columns and the sources, with the checks that were put to them. */
  private void cleaned(
      List<LineageDataset> inputs, Map<String, SortedMap<String, List<Source>>> lineage)
      throws IOException, RejectionException {
    List<Check> checks = new ArrayList<>();
    for (JsonNode check : json("data-quality")) {
      checks.add(
          new Check(
              check.path("check").asString(""),
              check.path("passed").asBoolean(false),
              check.path("severity").asString("").equals("WARN") ? "warn" : "error"));
    }
    for (JsonNode column : json("lineage")) {
      String name = column.path("column").asString("");
      String table = name.startsWith("events.") ? "events" : "dataset";
      List<Source> sources = new ArrayList<>();
      for (JsonNode source : column.path("sources")) {
        String from = "source/" + source.path("source").asString("");
        sources.add(
            new Source(
                from, source.path("column").asString(""), true, column.path("rule").asString("")));
        if (inputs.stream().noneMatch(input -> input.name().equals(from))) {
          inputs.add(
              new LineageDataset(from, null, null, null, List.of(), new TreeMap<>(), checks));
        }
      }
      if (!sources.isEmpty()) {
        lineage
            .computeIfAbsent(table, t -> new TreeMap<>())
            .put(name.substring(name.indexOf('.') + 1), sources);
      }
    }
  }

  /** Features and the cleaned columns they are computed from; what their SQL reads besides. */
  private SortedMap<String, List<Source>> features()
      throws IOException, RejectionException, SQLException {
    SortedMap<String, List<Source>> lineage = new TreeMap<>();
    try (ColumnReferences references = ColumnReferences.open()) {
      for (JsonNode feature : json("feature-set")) {
        List<Source> sources = new ArrayList<>();
        String expression = feature.path("expression").asString("");
        boolean imported = false;
        for (JsonNode declared : feature.path("sources")) {
          String column = declared.asString("");
          imported |= column.contains("@");
          sources.add(source(column, true, feature.path("description").asString("")));
        }
        if (!imported) {
          for (String read : references.of(expression)) {
            int dot = read.indexOf('.');
            Source source =
                new Source(
                    name(TABLES.getOrDefault(read.substring(0, Math.max(0, dot)), "dataset")),
                    read.substring(dot + 1),
                    false,
                    "says which rows count");
            if (sources.stream()
                .noneMatch(
                    known ->
                        known.dataset().equals(source.dataset())
                            && known.column().equals(source.column()))) {
              sources.add(source);
            }
          }
        }
        lineage.put(feature.path("name").asString(""), sources);
      }
    }
    return lineage;
  }

  /** {@code entities.NAME}, {@code events.NAME}, or {@code project/view@version.NAME}. */
  private Source source(String column, boolean direct, String how) {
    int dot = column.contains("@") ? column.lastIndexOf('.') : column.indexOf('.');
    String table = column.substring(0, Math.max(0, dot));
    String dataset =
        table.equals("entities")
            ? name("dataset")
            : table.equals("events") ? name("events") : "view/" + table;
    return new Source(dataset, column.substring(dot + 1), direct, how);
  }

  /** Columns of the model and the features they are computed from, by the fitted pipeline. */
  private SortedMap<String, List<Source>> model() throws IOException, RejectionException {
    SortedMap<String, List<Source>> lineage = new TreeMap<>();
    try (ZipInputStream zip =
        new ZipInputStream(
            new ByteArrayInputStream(store.read(deliverable.artifact("model-bundle"))))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (entry.getName().equals("bundle.json")) {
          for (JsonNode feature : Json.tree(zip.readAllBytes()).path("pipeline").path("features")) {
            List<Source> sources = new ArrayList<>();
            for (JsonNode from :
                List.of(feature.path("source"), feature.path("pair").path("other"))) {
              if (from.isString()) {
                sources.add(
                    new Source(
                        name("features"),
                        from.asString(),
                        true,
                        feature.path("type").asString("")));
              }
            }
            lineage.put(feature.path("name").asString(""), sources);
          }
        }
      }
    }
    return lineage;
  }

  private JsonNode json(String role) throws IOException, RejectionException {
    return Json.tree(store.read(deliverable.artifact(role)));
  }

  private String name(String role) {
    return project + "/" + role;
  }
}
