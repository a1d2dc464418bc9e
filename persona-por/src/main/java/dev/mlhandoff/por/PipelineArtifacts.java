package dev.mlhandoff.por;

import dev.mlhandoff.data.Dag;
import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.por.FederationRules.Granted;
import dev.mlhandoff.por.pipeline.CheckResult;
import dev.mlhandoff.por.pipeline.ColumnLineage;
import dev.mlhandoff.por.pipeline.DataPipeline;
import dev.mlhandoff.por.pipeline.DatasetDescription;
import dev.mlhandoff.runtime.Persona;
import dev.mlhandoff.runtime.StageContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes what a data pipeline left in the database as artifacts of POR. */
final class PipelineArtifacts {

  private final DuckDb database;
  private final StageContext context;
  private final SortedMap<String, ArtifactRef> artifacts = new TreeMap<>();

  PipelineArtifacts(DuckDb database, StageContext context) {
    this.database = database;
    this.context = context;
  }

  Deliverable write(
      DatasetDescription description,
      DataPipeline pipeline,
      List<CheckResult> checks,
      List<Granted> granted,
      Optional<byte[]> features)
      throws IOException, SQLException {
    table("dataset");
    table("holdout_labels");
    table("quarantine");
    table("outlier_flags");
    if (!description.protectedAttributes().isEmpty()) {
      table("audit_attributes");
    }
    if (description.counts().containsKey("events")) {
      table("events");
    }
    json("dataset-description", "dataset.json", description);
    json("data-quality", "data-quality.json", checks);
    List<ColumnLineage> lineage = new ArrayList<>(pipeline.lineage());
    lineage.addAll(FederatedKeys.lineage(granted));
    json("lineage", "lineage.json", lineage);
    if (!granted.isEmpty()) {
      json(
          "federated-imports",
          "federated-imports.json",
          granted.stream().map(Granted::federated).toList());
    }
    if (features.isPresent()) {
      artifacts.put(
          "feature-definitions",
          context.write("feature-definitions.yml", features.get(), "application/yaml"));
    }
    for (Granted one : granted) {
      String keys = one.federated().keysArtifact();
      if (keys != null) {
        table(keys.replace('-', '_'));
      }
    }
    Dag dag = pipeline.dag();
    json(
        "spec",
        "spec.json",
        Map.of(
            "persona",
            Persona.of("POR"),
            "dag",
            dag.nodes(),
            "checks",
            checks,
            "outliers",
            pipeline.outlierFences()));
    String summary = PipelineSpecification.summary(description, checks, dag.nodes().size());
    String text = PipelineSpecification.markdown(summary, pipeline, checks);
    artifacts.put(
        "spec-md",
        context.write("spec.md", text.getBytes(StandardCharsets.UTF_8), "text/markdown"));
    SortedMap<String, Double> metrics = new TreeMap<>();
    description.counts().forEach((name, count) -> metrics.put(name, (double) count));
    metrics.put("prevalence", description.prevalence());
    return Deliverable.of(StageIds.DATA_PIPELINE, "POR", 1, summary, artifacts, metrics);
  }

  private void table(String table) throws IOException, SQLException {
    Path file = context.workDirectory().resolve(table + ".out.parquet");
    database.writeParquet("SELECT * FROM " + DuckDb.name(table), file);
    String role = table.replace('_', '-');
    artifacts.put(role, context.write(role + ".parquet", file, "application/vnd.apache.parquet"));
  }

  private void json(String role, String fileName, Object content) throws IOException {
    artifacts.put(role, context.write(fileName, Json.writePretty(content), "application/json"));
  }
}
