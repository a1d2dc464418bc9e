package dev.mlhandoff.tracking;

import dev.mlhandoff.tracking.mlflow.MlflowException;
import dev.mlhandoff.tracking.mlflow.RunsApi;
import dev.mlhandoff.tracking.mlflow.TrackedRun;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Sees to it that each run of an attempt is on the server exactly once. */
final class AttemptRuns {

  private final RunsApi api;
  private final String experiment;
  private final RunNames names;

  AttemptRuns(RunsApi api, String experiment, RunNames names) {
    this.api = api;
    this.experiment = experiment;
    this.names = names;
  }

  /** The runs by key, and how many had to be created. */
  record Found(Map<String, TrackedRun> byKey, int created) {}

  Found ensure(Instant start) throws MlflowException {
    Map<String, TrackedRun> found = withoutDoubles();
    int created = 0;
    for (String key : names.keys()) {
      if (!found.containsKey(key)) {
        SortedMap<String, String> tags = names.search();
        tags.put(RunNames.KEY, key);
        api.create(experiment, names.title(key), start, tags);
        created++;
      }
    }
    if (created > 0) {
      found = withoutDoubles();
    }
    for (String key : names.keys()) {
      if (!found.containsKey(key)) {
        throw MlflowException.unavailable(
            "the server does not find the run it created: " + key, null);
      }
    }
    return new Found(found, created);
  }

  /**
   * The runs on the server. A create that was given up may still have happened, and two may replay
   * at once: of several with one key all keep the same one, and the others go.
   */
  Map<String, TrackedRun> withoutDoubles() throws MlflowException {
    Map<String, List<TrackedRun>> all = new TreeMap<>();
    for (TrackedRun run : api.runs(experiment, names.search())) {
      all.computeIfAbsent(
              run.tags().getOrDefault(RunNames.KEY, ""), key -> new java.util.ArrayList<>())
          .add(run);
    }
    all.remove("");
    Map<String, TrackedRun> kept = new HashMap<>();
    for (Map.Entry<String, List<TrackedRun>> entry : all.entrySet()) {
      List<TrackedRun> candidates = entry.getValue();
      candidates.sort(
          Comparator.comparing(TrackedRun::isFinished).reversed().thenComparing(TrackedRun::id));
      kept.put(entry.getKey(), candidates.get(0));
      for (TrackedRun extra : candidates.subList(1, candidates.size())) {
        api.delete(extra.id());
      }
    }
    return kept;
  }
}
