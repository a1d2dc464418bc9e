package dev.mlhandoff.tracking.mlflow;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Experiments and runs of a server. */
public final class RunsApi {

  private final Connection connection;

  public RunsApi(MlflowServer server) {
    this.connection = new Connection(server);
  }

  /**
   * The id of an experiment; it is created if there is none of that name.
   *
   * @throws MlflowException also if somebody deleted it: then only they should restore it
   */
  public String experiment(String name, Map<String, String> tags) throws MlflowException {
    try {
      return byName(name);
    } catch (MlflowException e) {
      if (!e.is("RESOURCE_DOES_NOT_EXIST")) {
        throw e;
      }
    }
    try {
      return connection
          .post("experiments/create", Map.of("name", name, "tags", pairs(tags, Limits.TAG_BYTES)))
          .path("experiment_id")
          .asString();
    } catch (MlflowException e) {
      if (!e.is("RESOURCE_ALREADY_EXISTS")) {
        throw e;
      }
      return byName(name);
    }
  }

  private String byName(String name) throws MlflowException {
    JsonNode experiment =
        connection
            .get("experiments/get-by-name", Map.of("experiment_name", name))
            .path("experiment");
    if ("deleted".equals(experiment.path("lifecycle_stage").asString(""))) {
      throw MlflowException.refused(
          "",
          "the experiment '%s' was deleted on the server; restore or rename it".formatted(name));
    }
    return experiment.path("experiment_id").asString();
  }

  /** All runs of an experiment that carry these tags and were not deleted. */
  public List<TrackedRun> runs(String experiment, SortedMap<String, String> tags)
      throws MlflowException {
    List<String> conditions = new ArrayList<>();
    tags.forEach((key, value) -> conditions.add("tags.`%s` = '%s'".formatted(key, value)));
    return Pages.all(
            "runs",
            Map.of(
                "experiment_ids",
                List.of(experiment),
                "filter",
                String.join(" and ", conditions),
                "run_view_type",
                "ACTIVE_ONLY"),
            page -> connection.post("runs/search", page))
        .stream()
        .map(RunsApi::read)
        .toList();
  }

  /** Creates a run that has its tags from the start, so that it can be found whatever happens. */
  public void create(String experiment, String name, Instant start, Map<String, String> tags)
      throws MlflowException {
    connection.post(
        "runs/create",
        Map.of(
            "experiment_id",
            experiment,
            "run_name",
            name,
            "start_time",
            start.toEpochMilli(),
            "tags",
            pairs(tags, Limits.TAG_BYTES)));
  }

  /** Logs parameters; logging the same values again changes nothing. */
  public void logParameters(String run, Map<String, String> parameters) throws MlflowException {
    for (List<Map<String, String>> part :
        Limits.parts(pairs(parameters, Limits.PARAMETER_BYTES), Limits.PARAMETERS_IN_A_BATCH)) {
      connection.post("runs/log-batch", Map.of("run_id", run, "params", part));
    }
  }

  /** Sets tags, replacing values they had. */
  public void setTags(String run, Map<String, String> tags) throws MlflowException {
    for (List<Map<String, String>> part :
        Limits.parts(pairs(tags, Limits.TAG_BYTES), Limits.TAGS_IN_A_BATCH)) {
      connection.post("runs/log-batch", Map.of("run_id", run, "tags", part));
    }
  }

  /** Logs the values that a run does not have yet: some stores keep every repetition. */
  public void logMetrics(TrackedRun run, List<MetricValue> values, Instant at)
      throws MlflowException {
    Map<String, Set<Integer>> known = new LinkedHashMap<>();
    List<Map<String, Object>> missing = new ArrayList<>();
    for (MetricValue value : values) {
      String key = Limits.key(value.name());
      if (!known.containsKey(key)) {
        known.put(key, run.metrics().contains(key) ? steps(run.id(), key) : new HashSet<>());
      }
      if (known.getOrDefault(key, Set.of()).add(value.step())) {
        missing.add(
            Map.of(
                "key", key,
                "value", number(value.value()),
                "timestamp", at.toEpochMilli(),
                "step", value.step()));
      }
    }
    for (List<Map<String, Object>> part : Limits.parts(missing, Limits.METRICS_IN_A_BATCH)) {
      connection.post("runs/log-batch", Map.of("run_id", run.id(), "metrics", part));
    }
  }

  private Set<Integer> steps(String run, String key) throws MlflowException {
    Set<Integer> steps = new HashSet<>();
    Pages.all(
            "metrics",
            Map.of("run_id", run, "metric_key", key),
            page -> connection.get("metrics/get-history", page))
        .forEach(metric -> steps.add(metric.path("step").asInt(0)));
    return steps;
  }

  /** Ends a run; everything about it has been said. */
  public void finish(String run, boolean failed, Instant end) throws MlflowException {
    connection.post(
        "runs/update",
        Map.of(
            "run_id",
            run,
            "status",
            failed ? "FAILED" : "FINISHED",
            "end_time",
            end.toEpochMilli()));
  }

  public void delete(String run) throws MlflowException {
    connection.post("runs/delete", Map.of("run_id", run));
  }

  private static TrackedRun read(JsonNode run) {
    JsonNode info = run.path("info");
    SortedMap<String, String> tags = new TreeMap<>();
    run.path("data")
        .path("tags")
        .forEach(tag -> tags.put(tag.path("key").asString(), tag.path("value").asString("")));
    Set<String> metrics = new HashSet<>();
    run.path("data").path("metrics").forEach(metric -> metrics.add(metric.path("key").asString()));
    String status = info.path("status").asString("");
    return new TrackedRun(
        info.path("run_id").asString(),
        status.equals("FINISHED") || status.equals("FAILED"),
        info.path("artifact_uri").asString(""),
        tags,
        metrics);
  }

  private static Object number(double value) {
    return Double.isFinite(value) ? (Object) value : String.valueOf(value);
  }

  static List<Map<String, String>> pairs(Map<String, String> values, int bytes) {
    List<Map<String, String>> pairs = new ArrayList<>();
    new TreeMap<>(values)
        .forEach(
            (key, value) ->
                pairs.add(Map.of("key", Limits.key(key), "value", Limits.value(value, bytes))));
    return pairs;
  }
}
