package dev.mlhandoff.tracking;

import dev.mlhandoff.tracking.journal.Journal;
import dev.mlhandoff.tracking.journal.JournalEntry.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The tags by which the runs of one attempt are found again, whatever happened in between. */
final class RunNames {

  /** Names one run for good; the same in every replay. */
  static final String KEY = "handoff.key";

  static final String VERSION = "handoff.version";
  static final String ATTEMPT = "handoff.attempt";
  static final String PARENT = "mlflow.parentRunId";
  private static final String RUN_ID = "handoff.run_id";

  private final String runId;
  private final Journal journal;

  RunNames(String runId, Journal journal) {
    this.runId = runId;
    this.journal = journal;
  }

  /** Key of a trial's run, or of the attempt's for null. */
  String key(@Nullable String trial) {
    String attempt = runId + "/" + journal.attempt().attempt();
    return trial == null ? attempt : attempt + "/" + trial;
  }

  /** The keys of all runs, the attempt's first. */
  List<String> keys() {
    List<String> keys = new ArrayList<>(List.of(key(null)));
    journal.trials().stream().map(Trial::id).map(this::key).forEach(keys::add);
    return keys;
  }

  /** What all runs of the attempt have in common. */
  SortedMap<String, String> search() {
    SortedMap<String, String> tags = new TreeMap<>();
    tags.put(RUN_ID, runId);
    tags.put(ATTEMPT, String.valueOf(journal.attempt().attempt()));
    return tags;
  }

  /** The tags of every run of the attempt. */
  SortedMap<String, String> common() {
    SortedMap<String, String> tags = search();
    tags.putAll(journal.attempt().tags());
    tags.put("handoff.project", journal.attempt().project());
    tags.put(VERSION, journal.attempt().version());
    tags.put("mlflow.source.name", "ml-handoff");
    tags.put("mlflow.source.type", "JOB");
    return tags;
  }

  /** The name that people see. */
  String title(String key) {
    return key.equals(key(null))
        ? "%s attempt %d".formatted(journal.attempt().version(), journal.attempt().attempt())
        : key.substring(key(null).length() + 1);
  }
}
