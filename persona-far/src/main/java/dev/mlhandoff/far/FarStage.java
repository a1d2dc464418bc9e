package dev.mlhandoff.far;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.ParquetTable;
import dev.mlhandoff.far.features.FeatureBuilder;
import dev.mlhandoff.far.features.FeatureDefinition;
import dev.mlhandoff.far.features.SelectionStability;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.runtime.Persona;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.runtime.Stage;
import dev.mlhandoff.runtime.StageContext;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Computes the candidate features of a cleaned dataset. */
final class FarStage implements Stage<StageHandoff, Deliverable> {

  private final OnlineTable online;
  private final DistributionSummary candidates;

  FarStage(OnlineTable online, MeterRegistry registry) {
    this.online = online;
    this.candidates =
        DistributionSummary.builder("handoff.features.candidates")
            .description("candidate features of a run")
            .register(registry);
  }

  @Override
  public Deliverable run(StageHandoff handoff, StageContext context) throws Exception {
    Deliverable data = handoff.deliverable(StageIds.DATA_PIPELINE);
    JsonNode description = Json.tree(context.read(data.artifact("dataset-description")));
    Path file = context.workDirectory().resolve("features.out.parquet");
    List<FeatureDefinition> definitions;
    List<String> leftOut;
    long rows;
    try (DuckDb database = DuckDb.open(context.workDirectory())) {
      FeatureBuilder builder = build(database, data, description, context);
      definitions = builder.definitions();
      leftOut = builder.leftOut();
      rows = database.count("features");
      database.writeParquet("SELECT * FROM features", file);
    }
    SortedMap<String, ArtifactRef> artifacts = new TreeMap<>();
    ArtifactRef features =
        context.write("features.parquet", file, "application/vnd.apache.parquet");
    artifacts.put("features", features);
    artifacts.put(
        "feature-set",
        context.write("features.json", Json.writePretty(definitions), "application/json"));
    context.progress(0.6, "writing the online table");
    ParquetTable table = ParquetTable.read(file);
    online.write(handoff.modelId(), features.sha256(), table);
    context.progress(0.8, "selection over the folds");
    SelectionStability.Report selection =
        new SelectionStability(table, definitions)
            .report(handoff.request().requirements().topFeatures());
    artifacts.put(
        "selection",
        context.write("selection.json", Json.writePretty(selection), "application/json"));
    artifacts.put(
        "spec",
        context.write(
            "spec.json",
            Json.writePretty(
                Map.of(
                    "persona",
                    Persona.of("FAR"),
                    "view",
                    handoff.modelId(),
                    "entityKey",
                    "entity_key",
                    "offlineSha256",
                    features.sha256(),
                    "online",
                    "far.online_features",
                    "features",
                    definitions,
                    "leftOut",
                    leftOut)),
            "application/json"));
    long fromEvents =
        definitions.stream().filter(d -> d.sources().get(0).startsWith("events.")).count();
    String summary =
        ("Computed %d candidate features for %d entities, %d of them from events up to the as-of"
                + " date; none is fitted. Training keeps the top %d inside each fold.")
            .formatted(
                definitions.size(),
                rows,
                fromEvents,
                handoff.request().requirements().topFeatures());
    artifacts.put(
        "spec-md",
        context.write(
            "spec.md",
            specification(summary, definitions, leftOut).getBytes(StandardCharsets.UTF_8),
            "text/markdown"));
    candidates.record(definitions.size());
    return Deliverable.of(
        StageIds.FEATURE_ENGINEERING,
        "FAR",
        handoff.attempt(),
        summary,
        artifacts,
        Map.of("candidates", (double) definitions.size()));
  }

  private static FeatureBuilder build(
      DuckDb database, Deliverable data, JsonNode description, StageContext context)
      throws Exception {
    load(database, "dataset", context.fetch(data.artifact("dataset")));
    boolean hasEvents = data.artifacts().containsKey("events");
    if (hasEvents) {
      load(database, "events", context.fetch(data.artifact("events")));
    }
    FeatureBuilder builder =
        new FeatureBuilder(
            database,
            hasEvents ? description.path("asOf").asString() : null,
            description.path("hasAmount").asBoolean());
    builder.history();
    for (JsonNode column : description.path("eventColumns")) {
      builder.eventColumn(column.path("name").asString(), column.path("type").asString());
    }
    for (JsonNode column : description.path("entityColumns")) {
      if (column.path("role").asString().equals("FEATURE")) {
        builder.entityColumn(column.path("name").asString(), column.path("type").asString());
      }
    }
    if (builder.definitions().isEmpty()) {
      throw new RejectionException(
          "NO_FEATURES", "the dataset has no column that could be a feature", "/dataset");
    }
    context.progress(0.2, "computing " + builder.definitions().size() + " candidates");
    builder.build();
    return builder;
  }

  private static void load(DuckDb database, String table, Path file) throws Exception {
    database.execute(
        "CREATE TABLE "
            + table
            + " AS SELECT * FROM read_parquet("
            + DuckDb.text(file.toString())
            + ")");
  }

  private static String specification(
      String summary, List<FeatureDefinition> definitions, List<String> leftOut) {
    StringBuilder text = new StringBuilder("# Feature store\n\n" + summary + "\n\n");
    text.append("| feature | kind | definition | source columns |\n|---|---|---|---|\n");
    for (FeatureDefinition definition : definitions) {
      text.append(
          "| %s | %s | %s | %s |%n"
              .formatted(
                  definition.name(),
                  definition.kind(),
                  definition.description(),
                  String.join(", ", definition.sources())));
    }
    if (!leftOut.isEmpty()) {
      text.append("\nLeft out, as they only name the rows or are dates without an as-of date: ")
          .append(String.join(", ", leftOut))
          .append(".\n");
    }
    return text.toString();
  }
}
