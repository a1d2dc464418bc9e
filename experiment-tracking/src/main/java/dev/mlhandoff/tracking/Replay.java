package dev.mlhandoff.tracking;

import dev.mlhandoff.tracking.journal.Journal;
import dev.mlhandoff.tracking.journal.JournalEntry;
import dev.mlhandoff.tracking.journal.JournalEntry.Metric;
import dev.mlhandoff.tracking.journal.JournalEntry.Trial;
import dev.mlhandoff.tracking.mlflow.ArtifactsApi;
import dev.mlhandoff.tracking.mlflow.MetricValue;
import dev.mlhandoff.tracking.mlflow.MlflowException;
import dev.mlhandoff.tracking.mlflow.MlflowServer;
import dev.mlhandoff.tracking.mlflow.ModelsApi;
import dev.mlhandoff.tracking.mlflow.RunsApi;
import dev.mlhandoff.tracking.mlflow.TrackedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Replays journals into an MLflow server: an experiment a project, a run an attempt, a child run a
 * trial, the selected model as a registered version. May be cut off anywhere and repeated at any
 * time: what is there is found by its tags, and a run is finished only once all of it is there.
 */
public final class Replay {

  private final RunsApi runs;
  private final ArtifactsApi artifacts;
  private final ModelsApi models;

  public Replay(MlflowServer server) {
    this.runs = new RunsApi(server);
    this.artifacts = new ArtifactsApi(server);
    this.models = new ModelsApi(server);
  }

  /**
   * Brings the server to where the journal is.
   *
   * @throws MlflowException if the server is not there or refuses; a later replay goes on
   * @throws IOException if an artifact cannot be read
   */
  public ReplayResult replay(TrackedAttempt attempt, Journal journal, ArtifactFiles files)
      throws MlflowException, IOException {
    RunNames names = new RunNames(attempt.runId(), journal);
    String experiment =
        runs.experiment(
            journal.attempt().modelId(), Map.of("handoff.project", journal.attempt().project()));
    AttemptRuns all = new AttemptRuns(runs, experiment, names);
    AttemptRuns.Found found = all.ensure(attempt.startedAt());
    TrackedRun parent = run(found, names.key(null));
    for (Trial trial : journal.trials()) {
      TrackedRun child = run(found, names.key(trial.id()));
      if (!child.isFinished()) {
        logTrial(child, trial, parent, attempt, journal, names);
      }
    }
    int stored = 0;
    if (!parent.isFinished()) {
      stored = logAttempt(parent, attempt, journal, names, files);
    }
    return new ReplayResult(experiment, parent.id(), names.keys().size(), found.created(), stored);
  }

  private void logTrial(
      TrackedRun run,
      Trial trial,
      TrackedRun parent,
      TrackedAttempt attempt,
      Journal journal,
      RunNames names)
      throws MlflowException {
    SortedMap<String, String> tags = names.common();
    tags.put(RunNames.PARENT, parent.id());
    String failure = trial.failure();
    if (failure != null) {
      tags.put("handoff.failure", failure);
    }
    SortedMap<String, String> parameters = new TreeMap<>(trial.parameters());
    parameters.put("family", trial.family());
    List<MetricValue> values = metrics(journal, trial.id());
    Double seconds = attempt.trainingSeconds().get(trial.id());
    if (seconds != null) {
      values.add(new MetricValue("training_seconds", 0, seconds));
    }
    runs.setTags(run.id(), tags);
    runs.logParameters(run.id(), parameters);
    runs.logMetrics(run, values, attempt.finishedAt());
    runs.finish(run.id(), failure != null, attempt.finishedAt());
  }

  private int logAttempt(
      TrackedRun run, TrackedAttempt attempt, Journal journal, RunNames names, ArtifactFiles files)
      throws MlflowException, IOException {
    SortedMap<String, String> tags = names.common();
    for (JournalEntry.Artifact artifact : journal.artifacts()) {
      tags.put("handoff.sha256." + artifact.role(), artifact.sha256());
    }
    runs.setTags(run.id(), tags);
    runs.logParameters(run.id(), journal.attempt().parameters());
    runs.logMetrics(run, metrics(journal, null), attempt.finishedAt());
    int stored = 0;
    if (ArtifactsApi.isProxied(run)) {
      for (JournalEntry.Artifact artifact : journal.artifacts()) {
        store(run, artifact, files);
        stored++;
      }
    }
    JournalEntry.SelectedModel selected = journal.selectedModel().orElse(null);
    if (selected != null) {
      register(run, selected, journal, names, files);
    }
    runs.finish(run.id(), false, attempt.finishedAt());
    return stored;
  }

  private void store(TrackedRun run, JournalEntry.Artifact artifact, ArtifactFiles files)
      throws MlflowException, IOException {
    Path copy = files.fetch(artifact);
    try {
      artifacts.put(run, artifact.path(), copy);
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  private void register(
      TrackedRun run,
      JournalEntry.SelectedModel selected,
      Journal journal,
      RunNames names,
      ArtifactFiles files)
      throws MlflowException {
    JournalEntry.Artifact model =
        journal.artifacts().stream()
            .filter(artifact -> artifact.role().equals(selected.role()))
            .findFirst()
            .orElseThrow(
                () -> new IllegalArgumentException("the journal has no " + selected.role()));
    SortedMap<String, String> tags = RegisteredModel.tags(names.common());
    tags.put("handoff.trial", selected.trial());
    tags.put("handoff.sha256", model.sha256());
    new RegisteredModel(models, journal.attempt().modelId())
        .ensure(run.id(), source(run, model, files), tags, journal.attempt().project());
  }

  /** Servers take addresses of their own artifacts and of S3, never a local path. */
  private static String source(TrackedRun run, JournalEntry.Artifact model, ArtifactFiles files) {
    String folder = model.path().substring(0, Math.max(0, model.path().lastIndexOf('/')));
    if (ArtifactsApi.isProxied(run)) {
      return run.artifactUri() + "/" + folder;
    }
    String address = files.address(model);
    return address.startsWith("s3:") ? address : "runs:/" + run.id() + "/" + folder;
  }

  private static List<MetricValue> metrics(Journal journal, @Nullable String trial) {
    List<MetricValue> values = new ArrayList<>();
    for (Metric metric : journal.metrics()) {
      if (java.util.Objects.equals(metric.trial(), trial)) {
        values.add(new MetricValue(metric.name(), metric.step(), metric.value()));
      }
    }
    return values;
  }

  private static TrackedRun run(AttemptRuns.Found found, String key) {
    TrackedRun run = found.byKey().get(key);
    if (run == null) {
      throw new IllegalStateException("no run " + key);
    }
    return run;
  }
}
