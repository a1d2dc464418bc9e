package dev.mlhandoff.esc;

import dev.mlhandoff.esc.training.ExperimentReport;
import dev.mlhandoff.esc.training.LeaderboardEntry;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.TrialResult;
import dev.mlhandoff.tracking.journal.Journal;
import dev.mlhandoff.tracking.journal.JournalEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes into the journal what an attempt found; the same for the same work. */
final class TrackingJournal {

  /** Role of the journal among the artifacts. */
  static final String ROLE = "tracking-journal";

  /** Role of what the journal leaves out. */
  static final String METADATA_ROLE = "trials-metadata";

  private static final String MODEL_ROLE = "model-bundle";

  private TrackingJournal() {}

  static Journal of(
      StageHandoff handoff,
      ExperimentReport report,
      Trials trials,
      SortedMap<String, ArtifactRef> artifacts) {
    List<JournalEntry> entries = new ArrayList<>();
    entries.add(attempt(handoff, report, artifacts));
    for (LeaderboardEntry trial : report.leaderboard()) {
      SortedMap<String, String> parameters = new TreeMap<>();
      trial.parameters().forEach((name, value) -> parameters.put(name, String.valueOf(value)));
      entries.add(new JournalEntry.Trial(trial.id(), trial.family(), parameters, trial.reason()));
      for (TrialResult fold : trials.byConfiguration().getOrDefault(trial.id(), List.of())) {
        fold.metrics()
            .forEach(
                (name, value) ->
                    entries.add(
                        new JournalEntry.Metric(
                            trial.id(), "fold_" + name, fold.trial().fold(), value)));
      }
      if (trial.completed()) {
        metric(entries, trial.id(), "mean_auc_roc", trial.meanAuc());
        metric(entries, trial.id(), "spread_auc_roc", trial.spread());
        trial.metrics().forEach((name, value) -> metric(entries, trial.id(), name, value));
      }
    }
    metric(entries, null, "threshold", report.threshold());
    metric(entries, null, "calibration_error", report.calibrationError());
    metric(entries, null, "best_single_feature_auc_roc", report.bestSingleFeatureAuc());
    metric(entries, null, "shuffled_target_auc_roc", report.shuffledAuc());
    artifacts.forEach(
        (role, ref) -> {
          // What differs between equal attempts has no place in the journal.
          if (!role.endsWith("-metadata")) {
            entries.add(
                new JournalEntry.Artifact(role, path(role, ref), ref.sha256(), ref.bytes()));
          }
        });
    entries.add(new JournalEntry.SelectedModel(report.selected(), MODEL_ROLE));
    return Journal.of(entries);
  }

  private static JournalEntry.Attempt attempt(
      StageHandoff handoff, ExperimentReport report, SortedMap<String, ArtifactRef> artifacts) {
    SortedMap<String, String> parameters = new TreeMap<>();
    parameters.put("dataset", handoff.request().dataset());
    parameters.put("target", handoff.request().target());
    parameters.put("seed", String.valueOf(report.seed()));
    parameters.put("folds", String.valueOf(report.folds()));
    parameters.put("precision_at_k", String.valueOf(report.precisionAtK()));
    parameters.put("rows", String.valueOf(report.rows()));
    parameters.put("features", String.valueOf(report.features().size()));
    parameters.put("selected", report.selected());
    parameters.put("justification", String.join(" ", report.justification()));
    parameters.put("tuning", report.effort().tuning());
    SortedMap<String, String> tags = new TreeMap<>();
    tags.put(
        "handoff.data_sha256",
        handoff.deliverable(StageIds.FEATURE_ENGINEERING).artifact("features").sha256());
    // The fitted pipeline is a part of the bundle, and served under the bundle's digest.
    ArtifactRef bundle = artifacts.get(MODEL_ROLE);
    tags.put("handoff.pipeline_sha256", bundle == null ? "" : bundle.sha256());
    return new JournalEntry.Attempt(
        handoff.request().name(),
        handoff.modelId(),
        handoff.version(),
        report.attempt(),
        parameters,
        tags);
  }

  private static String path(String role, ArtifactRef ref) {
    String file = ref.uri().substring(ref.uri().lastIndexOf('/') + 1);
    return role.equals(MODEL_ROLE) ? "model/" + file : file;
  }

  private static void metric(
      List<JournalEntry> entries,
      @org.jspecify.annotations.Nullable String trial,
      String name,
      double value) {
    entries.add(new JournalEntry.Metric(trial, name, 0, value));
  }
}
