package dev.mlhandoff.mos;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ProjectRequest;
import dev.mlhandoff.messages.Retraining;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.ml.bundle.BundleException;
import dev.mlhandoff.ml.bundle.ModelBundle;
import dev.mlhandoff.ml.table.RawColumn;
import dev.mlhandoff.mos.monitoring.PredictionRecord;
import dev.mlhandoff.mos.retrain.NotEnoughLabelsException;
import dev.mlhandoff.mos.retrain.RetrainDataset;
import dev.mlhandoff.mos.retrain.RetrainFigures;
import dev.mlhandoff.mos.rollout.Position.State;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.runtime.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Makes what ESC is handed in a retrain: the deliverables of the data stages of the first run, with
 * rows of this one. What they say of lineage, quality and definitions stays as it was delivered.
 */
final class RetrainAssembly {

  private static final String PARQUET = "application/vnd.apache.parquet";
  private static final int PAGE = 2000;

  private final Deployments deployments;
  private final PredictionRecords records;
  private final ArtifactStore artifacts;
  private final RetrainProperties properties;

  RetrainAssembly(
      Deployments deployments,
      PredictionRecords records,
      ArtifactStore artifacts,
      RetrainProperties properties) {
    this.deployments = deployments;
    this.records = records;
    this.artifacts = artifacts;
    this.properties = properties;
  }

  /**
   * The handoff to ESC, for whichever version it gets.
   *
   * @throws NotEnoughLabelsException if the order has to wait
   */
  Function<String, StageHandoff> assemble(Retrain order)
      throws IOException,
          SQLException,
          RejectionException,
          BundleException,
          NotEnoughLabelsException {
    StageHandoff parent = handoff(order.modelId(), Objects.requireNonNull(order.parentRunId()));
    StageHandoff first = parent;
    while (first.parentRunId() != null) {
      first = handoff(order.modelId(), first.parentRunId());
    }
    // An order may wait for days; until enough outcomes are known nothing need be fetched for it.
    String major = major(parent.version());
    properties.feedback().holdout(records.labelledEntitiesOfMajor(order.modelId(), major));
    try (TemporaryFolder folder = TemporaryFolder.create("retrain");
        DuckDb database = DuckDb.open(folder.path())) {
      List<Deliverable> inherited =
          inherit(
              order,
              parent,
              first,
              database,
              new RunArtifacts(artifacts, folder.path(), order.runId()));
      return version -> handoff(order, parent, version, inherited);
    }
  }

  private List<Deliverable> inherit(
      Retrain order, StageHandoff parent, StageHandoff first, DuckDb database, RunArtifacts files)
      throws IOException,
          SQLException,
          RejectionException,
          BundleException,
          NotEnoughLabelsException {
    Deliverable data = first.deliverable(StageIds.DATA_PIPELINE);
    Deliverable features = first.deliverable(StageIds.FEATURE_ENGINEERING);
    ModelBundle champion =
        ModelBundle.read(
            files.fetch(parent.deliverable(StageIds.TRAINING).artifact("model-bundle")));
    Set<String> served =
        champion.schema().stream().map(RawColumn::name).collect(Collectors.toSet());
    RetrainDataset dataset =
        new RetrainDataset(
            database,
            properties.feedback(),
            first.request().seed(),
            first.request().requirements().folds());
    ArtifactRef attributes = data.artifacts().get("audit-attributes");
    RetrainFigures figures =
        dataset.assemble(
            files.fetch(features.artifact("features")),
            files.fetch(data.artifact("dataset")),
            attributes == null ? null : files.fetch(attributes),
            pages(order.modelId(), parent.version()),
            served,
            inProductionSince(parent));
    String summary =
        ("Trained again after %s: %d of the original training rows and %d labelled predictions; the"
                + " %d entities predicted last are the hold-out.")
            .formatted(
                parent.version(),
                figures.originalRows(),
                figures.feedbackRows(),
                figures.holdoutRows());
    return List.of(
        Deliverable.of(
            StageIds.DATA_PIPELINE,
            data.persona(),
            1,
            data.summary() + " " + summary,
            data(order, data, figures, dataset, database, files),
            figures.metrics()),
        Deliverable.of(
            StageIds.FEATURE_ENGINEERING,
            features.persona(),
            1,
            features.summary()
                + (dataset.leftOut().isEmpty()
                    ? ""
                    : " Not logged with predictions, and so no candidates of the retrain: "
                        + String.join(", ", dataset.leftOut())
                        + "."),
            features(features, dataset, database, files),
            Map.of("candidates", (double) dataset.candidates().size())));
  }

  private SortedMap<String, ArtifactRef> data(
      Retrain order,
      Deliverable original,
      RetrainFigures figures,
      RetrainDataset dataset,
      DuckDb database,
      RunArtifacts files)
      throws IOException, SQLException, RejectionException {
    SortedMap<String, ArtifactRef> all = new TreeMap<>(original.artifacts());
    List<String> tables = new ArrayList<>(List.of("dataset", "holdout_labels", "feedback_rows"));
    if (all.containsKey("audit-attributes")) {
      tables.add("audit_attributes");
    }
    for (String table : tables) {
      String role = table.replace('_', '-');
      all.put(role, parquet(StageIds.DATA_PIPELINE, table, role, database, files));
    }
    List<Object> checks = new ArrayList<>();
    Json.tree(files.read(original.artifact("data-quality"))).forEach(checks::add);
    checks.addAll(FeedbackChecks.of(database));
    all.put("data-quality", files.writeJson(StageIds.DATA_PIPELINE, "data-quality.json", checks));
    SortedMap<String, Object> description = new TreeMap<>();
    description.put("reason", order.reason());
    description.put("statistics", order.statistics());
    description.put("parentVersion", String.valueOf(order.parentVersion()));
    description.put("figures", figures);
    description.put("policy", properties.feedback());
    description.put("candidatesLeftOut", dataset.leftOut());
    all.put(
        "feedback-description",
        files.writeJson(StageIds.DATA_PIPELINE, "feedback.json", description));
    return all;
  }

  private static SortedMap<String, ArtifactRef> features(
      Deliverable original, RetrainDataset dataset, DuckDb database, RunArtifacts files)
      throws IOException, SQLException, RejectionException {
    SortedMap<String, ArtifactRef> all = new TreeMap<>(original.artifacts());
    all.put("online-features", original.artifact("features"));
    all.put(
        "features", parquet(StageIds.FEATURE_ENGINEERING, "features", "features", database, files));
    List<JsonNode> definitions = new ArrayList<>();
    for (JsonNode definition : Json.tree(files.read(original.artifact("feature-set")))) {
      if (dataset.candidates().contains(definition.path("name").asString(""))) {
        definitions.add(definition);
      }
    }
    all.put(
        "feature-set", files.writeJson(StageIds.FEATURE_ENGINEERING, "features.json", definitions));
    return all;
  }

  private static ArtifactRef parquet(
      String stage, String table, String role, DuckDb database, RunArtifacts files)
      throws IOException, SQLException {
    Path file = files.newFile();
    database.writeParquet("SELECT * FROM " + DuckDb.name(table), file);
    return files.write(stage, role + ".parquet", file, PARQUET);
  }

  private StageHandoff handoff(
      Retrain order, StageHandoff parent, String version, List<Deliverable> inherited) {
    return new StageHandoff(
        order.runId(),
        parent.runId(),
        1,
        "MOS",
        "ESC",
        StageIds.TRAINING,
        "Train version %s again: %s. %s"
            .formatted(parent.version(), order.reason(), inherited.get(0).summary()),
        withoutCorrelation(parent.request()),
        order.modelId(),
        version,
        inherited,
        new Retraining(
            parent.version(),
            order.reason(),
            order.statistics(),
            parent.deliverable(StageIds.TRAINING).artifact("model-bundle")));
  }

  /** The id belongs to the request, which has its outcome. */
  private static ProjectRequest withoutCorrelation(ProjectRequest request) {
    Map<String, @Nullable Object> fields = new TreeMap<>();
    Json.tree(Json.write(request)).forEachEntry(fields::put);
    fields.remove("correlationId");
    return Json.read(Json.write(fields), ProjectRequest.class);
  }

  /**
   * Labelled predictions of the parent's major version: a newer major may define other features.
   */
  private RetrainDataset.Pages pages(String modelId, String version) {
    String major = major(version);
    long[] before = {Long.MAX_VALUE};
    int[] left = {properties.rows()};
    return () -> {
      List<PredictionRecord> page =
          records.labelledOfMajor(modelId, major, before[0], Math.min(PAGE, left[0]));
      if (!page.isEmpty()) {
        before[0] = page.get(page.size() - 1).arrived();
        left[0] -= page.size();
      }
      return page;
    };
  }

  private static String major(String version) {
    return version.substring(0, version.indexOf('.'));
  }

  private Instant inProductionSince(StageHandoff parent) {
    return deployments.transitions(parent.modelId()).stream()
        .filter(t -> t.handoff().runId().equals(parent.runId()))
        .filter(t -> t.newState() == State.PRODUCTION)
        .map(Transition::at)
        .reduce((earlier, later) -> later)
        .orElseThrow();
  }

  private StageHandoff handoff(String modelId, String runId) {
    return deployments.of(modelId).stream()
        .map(Deployment::handoff)
        .filter(handoff -> handoff.runId().equals(runId))
        .findFirst()
        .orElseThrow();
  }
}
