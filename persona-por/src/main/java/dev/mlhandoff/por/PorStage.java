package dev.mlhandoff.por;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.Dag;
import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.catalog.Dataset;
import dev.mlhandoff.data.catalog.DatasetCatalog;
import dev.mlhandoff.data.catalog.Target;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PipelineEvent.RunAccepted;
import dev.mlhandoff.messages.ProjectRequest;
import dev.mlhandoff.messages.ProjectRequests;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.por.pipeline.CheckResult;
import dev.mlhandoff.por.pipeline.DataPipeline;
import dev.mlhandoff.por.pipeline.DataRejectedException;
import dev.mlhandoff.por.pipeline.DatasetDescription;
import dev.mlhandoff.por.pipeline.QualityChecks;
import dev.mlhandoff.runtime.Digests;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.runtime.Stage;
import dev.mlhandoff.runtime.StageContext;
import dev.mlhandoff.runtime.StageKeys;
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
import software.amazon.awssdk.services.s3.S3Client;

/** Resolves a request against the catalog, claims its version and runs the data pipeline. */
final class PorStage implements Stage<ProjectRequest, PorOutput> {

  private static final String PARQUET = "application/vnd.apache.parquet";
  private static final String JSON = "application/json";
  private static final double STEPS = 12;

  private final DatasetCatalog catalog;
  private final PorProperties properties;
  private final RunClaims claims;
  private final S3Client s3;

  PorStage(DatasetCatalog catalog, PorProperties properties, RunClaims claims, S3Client s3) {
    this.catalog = catalog;
    this.properties = properties;
    this.claims = claims;
    this.s3 = s3;
  }

  @Override
  public PorOutput run(ProjectRequest request, StageContext context) throws Exception {
    String digest = Digests.sha256(Json.write(request));
    Optional<RunClaims.Earlier> earlier = earlier(request, digest, context);
    if (earlier.isPresent()) {
      return new PorOutput(null, null, null, earlier.get().runId());
    }
    Dataset dataset = dataset(request);
    Target target = target(request, dataset);
    if (request.qualityGate().threshold() < properties.lowestThreshold()) {
      throw new RejectionException(
          "THRESHOLD_TOO_LOW",
          "the threshold %s is below the policy's %s"
              .formatted(request.qualityGate().threshold(), properties.lowestThreshold()),
          "/qualityGate/threshold");
    }
    String modelId = ProjectRequests.modelId(request.name());
    String version = claims.claim(context.runId(), modelId, request.correlationId(), digest);
    context.announce(
        new RunAccepted(
            StageKeys.eventId(context.runId(), StageIds.DATA_PIPELINE, 1, "RunAccepted"),
            context.runId(),
            context.clock().instant(),
            request,
            context.source(),
            modelId,
            version,
            null));
    try (DuckDb database = DuckDb.open(context.workDirectory())) {
      return new PorOutput(
          deliver(request, dataset, target, database, context), modelId, version, null);
    } catch (DataRejectedException e) {
      throw new RejectionException(e.code(), String.valueOf(e.getMessage()), e.pointer());
    }
  }

  private Optional<RunClaims.Earlier> earlier(
      ProjectRequest request, String digest, StageContext context) throws RejectionException {
    String correlationId = request.correlationId();
    if (correlationId == null) {
      return Optional.empty();
    }
    Optional<RunClaims.Earlier> earlier = claims.earlier(correlationId, context.runId());
    if (earlier.isPresent() && !earlier.get().requestDigest().equals(digest)) {
      throw new RejectionException(
          "DUPLICATE_CORRELATION_ID",
          "another request used this correlation id within 24 hours",
          "/correlationId");
    }
    return earlier;
  }

  private Dataset dataset(ProjectRequest request) throws RejectionException {
    return catalog
        .find(request.dataset())
        .orElseThrow(
            () ->
                new RejectionException(
                    "UNKNOWN_DATASET",
                    "the catalog has no such dataset, only " + catalog.names(),
                    "/dataset"));
  }

  private static Target target(ProjectRequest request, Dataset dataset) throws RejectionException {
    Target target = dataset.targets().get(request.target());
    if (target == null) {
      throw new RejectionException(
          "UNKNOWN_TARGET",
          "the dataset has no such target, only " + new TreeMap<>(dataset.targets()).keySet(),
          "/target");
    }
    return target;
  }

  private Deliverable deliver(
      ProjectRequest request, Dataset dataset, Target target, DuckDb database, StageContext context)
      throws IOException, SQLException, DataRejectedException, RejectionException {
    int[] steps = new int[1];
    DataPipeline pipeline =
        new DataPipeline(
            database,
            dataset,
            target,
            new ConfiguredSources(properties, s3, catalog.folder(), context.workDirectory()),
            step -> context.progress(Math.min(1, steps[0]++ / STEPS), step));
    pipeline.run(request.seed(), request.requirements().folds());
    List<CheckResult> checks = QualityChecks.run(database, dataset);
    DatasetDescription description = describe(request, dataset, database);
    SortedMap<String, ArtifactRef> artifacts = new TreeMap<>();
    artifacts.put("dataset", parquet(database, "dataset", context));
    artifacts.put("holdout-labels", parquet(database, "holdout_labels", context));
    artifacts.put("quarantine", parquet(database, "quarantine", context));
    if (dataset.events() != null) {
      artifacts.put("events", parquet(database, "events", context));
    }
    artifacts.put(
        "dataset-description", context.write("dataset.json", Json.writePretty(description), JSON));
    artifacts.put(
        "data-quality", context.write("data-quality.json", Json.writePretty(checks), JSON));
    List<Dag.Node> nodes = pipeline.dag().nodes();
    artifacts.put(
        "spec",
        context.write("spec.json", Json.writePretty(Map.of("dag", nodes, "checks", checks)), JSON));
    String summary = summary(description, checks, nodes.size());
    artifacts.put(
        "spec-md",
        context.write(
            "spec.md",
            specification(summary, pipeline.dag(), checks).getBytes(StandardCharsets.UTF_8),
            "text/markdown"));
    rejectFailed(checks);
    SortedMap<String, Double> metrics = new TreeMap<>();
    description.counts().forEach((name, count) -> metrics.put(name, (double) count));
    metrics.put("prevalence", description.prevalence());
    return Deliverable.of(StageIds.DATA_PIPELINE, "POR", 1, summary, artifacts, metrics);
  }

  private static void rejectFailed(List<CheckResult> checks) throws RejectionException {
    List<String> failed =
        checks.stream()
            .filter(check -> !check.passed() && check.severity().equals("HARD"))
            .map(check -> check.check() + ": " + check.observed())
            .toList();
    if (!failed.isEmpty()) {
      throw new RejectionException(
          "DATA_QUALITY_FAILED", "hard checks failed: " + String.join("; ", failed), "/dataset");
    }
  }

  private static DatasetDescription describe(
      ProjectRequest request, Dataset dataset, DuckDb database) throws SQLException {
    List<DatasetDescription.Column> entityColumns = new ArrayList<>();
    List<String> bookkeeping = List.of("entity_key", "label", "holdout", "fold");
    for (ColumnInfo column : database.columns("dataset")) {
      if (!bookkeeping.contains(column.name()) && !isTarget(dataset, column.name())) {
        String role = dataset.protectedColumns().contains(column.name()) ? "PROTECTED" : "FEATURE";
        entityColumns.add(new DatasetDescription.Column(column.name(), column.type(), role));
      }
    }
    List<DatasetDescription.Column> eventColumns = new ArrayList<>();
    SortedMap<String, Long> counts = new TreeMap<>();
    counts.put("entities", database.count("dataset"));
    counts.put("holdout", database.count("holdout_labels"));
    counts.put("quarantined", database.count("quarantine"));
    if (dataset.events() != null) {
      counts.put("events", database.count("events"));
      for (ColumnInfo column : database.columns("events")) {
        if (!List.of("entity_key", "event_time", "amount").contains(column.name())
            && !column.name().equals(dataset.eventKey())) {
          eventColumns.add(new DatasetDescription.Column(column.name(), column.type(), "FEATURE"));
        }
      }
    }
    double positives = database.number("SELECT sum(label) FROM labelled");
    return new DatasetDescription(
        request.dataset(),
        request.target(),
        label(dataset, request.target()),
        dataset.asOf() == null ? null : dataset.asOf().toString(),
        dataset.amount() != null,
        entityColumns,
        eventColumns,
        counts,
        positives / database.count("labelled"));
  }

  /** Columns of other targets would tell the answer. */
  private static boolean isTarget(Dataset dataset, String column) {
    return dataset.targets().values().stream().anyMatch(t -> column.equals(t.column()));
  }

  private static String label(Dataset dataset, String name) {
    Target target = dataset.targets().get(name);
    if (target == null || target.inactiveDays() == null) {
      return name + (target == null ? "" : " is " + target.positive());
    }
    return "no event within " + target.inactiveDays() + " days after " + dataset.asOf();
  }

  private static ArtifactRef parquet(DuckDb database, String table, StageContext context)
      throws IOException, SQLException {
    Path file = context.workDirectory().resolve(table + ".out.parquet");
    database.writeParquet("SELECT * FROM " + DuckDb.name(table), file);
    return context.write(table.replace('_', '-') + ".parquet", file, PARQUET);
  }

  private static String summary(
      DatasetDescription description, List<CheckResult> checks, int nodes) {
    long failed = checks.stream().filter(check -> !check.passed()).count();
    return ("Ran a pipeline of %d nodes over %s: %s. The target is %s, true for %.1f %% of the"
            + " entities. %d of %d data-quality checks passed.")
        .formatted(
            nodes,
            description.dataset(),
            description.counts(),
            description.label(),
            100 * description.prevalence(),
            checks.size() - failed,
            checks.size());
  }

  private static String specification(String summary, Dag dag, List<CheckResult> checks) {
    StringBuilder text = new StringBuilder("# Data pipeline\n\n" + summary + "\n\n```mermaid\n");
    text.append(dag.mermaid()).append("```\n\n| node | what it does | rows in | rows out |\n");
    text.append("|---|---|---|---|\n");
    for (Dag.Node node : dag.nodes()) {
      text.append(
          "| %s | %s | %s | %d |%n"
              .formatted(node.name(), node.description(), node.rowsIn(), node.rowsOut()));
    }
    text.append("\n| check | severity | passed | observed | expected |\n|---|---|---|---|---|\n");
    for (CheckResult check : checks) {
      text.append(
          "| %s | %s | %s | %s | %s |%n"
              .formatted(
                  check.check(),
                  check.severity(),
                  check.passed(),
                  check.observed(),
                  check.expected()));
    }
    return text.toString();
  }
}
