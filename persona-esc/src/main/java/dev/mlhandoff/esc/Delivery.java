package dev.mlhandoff.esc;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.esc.training.Experiment;
import dev.mlhandoff.esc.training.ExperimentReport;
import dev.mlhandoff.esc.training.LeaderboardEntry;
import dev.mlhandoff.esc.training.LeakAlarm;
import dev.mlhandoff.esc.training.TrainingData;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.runtime.StageContext;
import dev.mlhandoff.tracking.journal.Journal;
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

/**
 * Writes what an attempt delivers: model, report, predictions, specification, trials and journal.
 */
final class Delivery {

  private static final String PARQUET = "application/vnd.apache.parquet";
  private static final String JSON = "application/json";

  private Delivery() {}

  static Deliverable of(
      AttemptPlan plan,
      Trials trials,
      TrainingData data,
      Experiment.Result result,
      StageContext context)
      throws IOException, SQLException {
    ExperimentReport report = result.report();
    SortedMap<String, ArtifactRef> artifacts = new TreeMap<>();
    artifacts.put(
        "model-bundle", context.write("model-bundle.zip", result.bundle(), "application/zip"));
    artifacts.put(
        "experiment-report",
        context.write("experiment-report.json", Json.writePretty(report), JSON));
    artifacts.put("oof-predictions", predictions(data, result, context));
    artifacts.put(
        TrackingJournal.METADATA_ROLE,
        context.write(
            "trials-metadata.json",
            Json.writePretty(TrialsMetadata.of(plan, trials, context.clock().instant())),
            JSON));
    String summary = summary(report);
    Specification specification = Specification.of(report);
    artifacts.put(
        "spec", context.write("experiment-spec.json", Json.writePretty(specification), JSON));
    artifacts.put(
        "spec-md",
        context.write(
            "spec.md",
            specification.markdown(summary).getBytes(StandardCharsets.UTF_8),
            "text/markdown"));
    artifacts.put(
        TrackingJournal.ROLE,
        context.write(
            "tracking-journal.jsonl",
            TrackingJournal.of(plan.handoff(), report, trials, artifacts).toBytes(),
            Journal.MEDIA_TYPE));
    LeaderboardEntry chosen = selected(report);
    SortedMap<String, Double> metrics = new TreeMap<>(chosen.metrics());
    metrics.put("mean_auc", chosen.meanAuc());
    metrics.put("calibration_error", report.calibrationError());
    metrics.put("threshold", report.threshold());
    return Deliverable.of(StageIds.TRAINING, "ESC", report.attempt(), summary, artifacts, metrics);
  }

  private static ArtifactRef predictions(
      TrainingData data, Experiment.Result result, StageContext context)
      throws IOException, SQLException {
    List<LeaderboardEntry> leaderboard =
        result.report().leaderboard().stream().filter(LeaderboardEntry::completed).toList();
    try (DuckDb database = DuckDb.open(context.workDirectory())) {
      List<String> columns = new ArrayList<>(List.of("entity_key VARCHAR", "fold INTEGER"));
      for (LeaderboardEntry trial : leaderboard) {
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

  private static LeaderboardEntry selected(ExperimentReport report) {
    return report.leaderboard().stream()
        .filter(trial -> trial.id().equals(report.selected()))
        .findFirst()
        .orElseThrow();
  }

  private static String summary(ExperimentReport report) {
    String alarm =
        report.alarms().isEmpty()
            ? ""
            : " Leak alarm: "
                + String.join("; ", report.alarms().stream().map(LeakAlarm::message).toList())
                + ".";
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
