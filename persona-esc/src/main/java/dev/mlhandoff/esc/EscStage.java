package dev.mlhandoff.esc;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.ParquetTable;
import dev.mlhandoff.esc.training.Experiment;
import dev.mlhandoff.esc.training.ExperimentReport;
import dev.mlhandoff.esc.training.TrainingData;
import dev.mlhandoff.esc.training.TrialPlan;
import dev.mlhandoff.esc.training.TrialResult;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.Requirements;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.ml.model.ModelFamilies;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.runtime.Stage;
import dev.mlhandoff.runtime.StageContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** Trains and compares models on the training part, and hands the selected one to the gate. */
final class EscStage implements Stage<StageHandoff, Deliverable> {

  private static final String PARQUET = "application/vnd.apache.parquet";

  private final EscProperties properties;

  EscStage(EscProperties properties) {
    this.properties = properties;
  }

  @Override
  public Deliverable run(StageHandoff handoff, StageContext context) throws Exception {
    Requirements requirements = handoff.request().requirements();
    List<String> unknown =
        requirements.models().stream()
            .filter(name -> !ModelFamilies.names().contains(name))
            .toList();
    if (!unknown.isEmpty()) {
      throw new RejectionException(
          "UNKNOWN_MODEL",
          "no model family " + unknown + ", only " + ModelFamilies.names(),
          "/requirements/models");
    }
    ArtifactRef features = handoff.deliverable(StageIds.FEATURE_ENGINEERING).artifact("features");
    TrainingData data = TrainingData.of(ParquetTable.read(context.fetch(features)));
    if (data.table().columns().isEmpty()) {
      throw new RejectionException("NO_FEATURES", "there is no feature to train on", "/dataset");
    }
    if (!data.hasBothClasses()) {
      throw new RejectionException(
          "SINGLE_CLASS_TARGET", "every training row has the same label", "/target");
    }
    Experiment experiment =
        new Experiment(
            data,
            requirements.topFeatures(),
            requirements.precisionAtK(),
            handoff.request().seed(),
            properties.threads(),
            context::progress);
    Experiment.Result result =
        experiment.run(
            handoff.attempt(),
            TrialPlan.of(requirements.models(), handoff.attempt(), handoff.request().seed()),
            features.sha256());
    return deliver(handoff, data, result, context);
  }

  private static Deliverable deliver(
      StageHandoff handoff, TrainingData data, Experiment.Result result, StageContext context)
      throws IOException, SQLException {
    ExperimentReport report = result.report();
    SortedMap<String, ArtifactRef> artifacts = new TreeMap<>();
    artifacts.put(
        "model-bundle", context.write("model-bundle.zip", result.bundle(), "application/zip"));
    artifacts.put(
        "experiment-report",
        context.write("experiment-report.json", Json.writePretty(report), "application/json"));
    artifacts.put("oof-predictions", predictions(data, result, context));
    String summary = summary(report);
    Specification specification = Specification.of(report);
    artifacts.put(
        "spec",
        context.write("experiment-spec.json", Json.writePretty(specification), "application/json"));
    artifacts.put(
        "spec-md",
        context.write(
            "spec.md",
            specification.markdown(summary).getBytes(StandardCharsets.UTF_8),
            "text/markdown"));
    TrialResult chosen = selected(report);
    SortedMap<String, Double> metrics = new TreeMap<>(chosen.metrics());
    metrics.put("mean_auc", chosen.meanAuc());
    metrics.put("calibration_error", report.calibrationError());
    metrics.put("threshold", report.threshold());
    return Deliverable.of(StageIds.TRAINING, "ESC", handoff.attempt(), summary, artifacts, metrics);
  }

  private static ArtifactRef predictions(
      TrainingData data, Experiment.Result result, StageContext context)
      throws IOException, SQLException {
    List<TrialResult> leaderboard = result.report().leaderboard();
    try (DuckDb database = DuckDb.open(context.workDirectory())) {
      List<String> columns = new ArrayList<>(List.of("entity_key VARCHAR", "fold INTEGER"));
      for (TrialResult trial : leaderboard) {
        columns.add(DuckDb.name(trial.id()) + " DOUBLE");
      }
      columns.add("calibrated DOUBLE");
      columns.add("single_feature DOUBLE");
      database.execute("CREATE TABLE predictions (" + String.join(", ", columns) + ")");
      try (DuckDBAppender appender =
          database
              .connection()
              .unwrap(DuckDBConnection.class)
              .createAppender("main", "predictions")) {
        for (int row = 0; row < data.labels().length; row++) {
          appender.beginRow();
          appender.append(data.keys().get(row));
          appender.append(data.fold()[row]);
          for (double[] scores : result.outOfFold()) {
            appender.append(scores[row]);
          }
          appender.append(result.calibrated()[row]);
          appender.append(result.singleFeature()[row]);
          appender.endRow();
        }
      }
      Path file = context.workDirectory().resolve("oof-predictions.parquet");
      database.writeParquet("SELECT * FROM predictions ORDER BY entity_key", file);
      return context.write("oof-predictions.parquet", file, PARQUET);
    }
  }

  private static TrialResult selected(ExperimentReport report) {
    return report.leaderboard().stream()
        .filter(trial -> trial.id().equals(report.selected()))
        .findFirst()
        .orElseThrow();
  }

  private static String summary(ExperimentReport report) {
    String alarm =
        report.suspiciousFeatures().isEmpty()
            ? ""
            : " Leak alarm: " + String.join(", ", report.suspiciousFeatures()) + ".";
    return "Attempt %d: judged %d configurations on %d rows in %d stratified folds, out of fold. %s%s"
        .formatted(
            report.attempt(),
            report.leaderboard().size(),
            report.rows(),
            report.folds(),
            String.join(" ", report.justification()),
            alarm);
  }
}
