package dev.mlhandoff.tracking.stub;

import dev.mlhandoff.tracking.stub.StubState.Experiment;
import dev.mlhandoff.tracking.stub.StubState.Point;
import dev.mlhandoff.tracking.stub.StubState.Run;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Experiments and runs, with the limits of the real stores. */
final class StubRuns {

  private static final int MAX_TEXT = 500;
  private static final Pattern CONDITION = Pattern.compile("tags\\.`([^`]+)` = '([^']*)'");
  private static final Pattern KEY = Pattern.compile("[\\w. :/-]{1,250}");

  private final StubState state;
  private final int pageSize;
  private final String artifactRoot;
  private final Random ids = new Random(7);

  StubRuns(StubState state, int pageSize, String artifactRoot) {
    this.state = state;
    this.pageSize = pageSize;
    this.artifactRoot = artifactRoot;
  }

  Object experimentByName(Map<String, String> query) {
    Experiment found = find(required(query.get("experiment_name"), "experiment_name"));
    if (found == null) {
      throw StubRefusal.missing("Could not find experiment");
    }
    return Map.of(
        "experiment",
        Map.of("experiment_id", found.id, "name", found.name, "lifecycle_stage", found.stage));
  }

  Object createExperiment(JsonNode body) {
    String name = required(body.path("name").asString(null), "name");
    if (name.length() > MAX_TEXT) {
      throw StubRefusal.invalid("'name' exceeds the maximum length of 500");
    }
    if (find(name) != null) {
      throw StubRefusal.exists("Experiment '" + name + "' already exists.");
    }
    Experiment experiment = new Experiment();
    experiment.id = String.valueOf(state.experiments.size() + 1);
    experiment.name = name;
    body.path("tags").forEach(tag -> experiment.tags.put(key(tag), value(tag)));
    state.experiments.put(experiment.id, experiment);
    return Map.of("experiment_id", experiment.id);
  }

  Object createRun(JsonNode body) {
    Experiment experiment = state.experiments.get(body.path("experiment_id").asString(""));
    if (experiment == null) {
      throw StubRefusal.missing("No Experiment with that id exists");
    }
    if (!experiment.stage.equals("active")) {
      throw StubRefusal.invalid("The experiment must be in the 'active' state.");
    }
    Run run = new Run();
    run.id = "%016x%016x".formatted(ids.nextLong(), ids.nextLong());
    run.experiment = experiment.id;
    run.name = body.path("run_name").asString("");
    run.start = body.path("start_time").asLong(0);
    run.artifactUri = artifactRoot + experiment.id + "/" + run.id + "/artifacts";
    body.path("tags").forEach(tag -> run.tags.put(key(tag), value(tag)));
    run.tags.put("mlflow.runName", run.name);
    state.runs.put(run.id, run);
    return Map.of("run", json(run));
  }

  Object search(JsonNode body) {
    List<Run> found = new ArrayList<>();
    String filter = body.path("filter").asString("");
    for (Run run : state.runs.values()) {
      boolean wanted = run.stage.equals("active");
      for (String part : filter.split(" and ", -1)) {
        Matcher condition = CONDITION.matcher(part);
        if (!condition.matches()) {
          throw StubRefusal.invalid("Invalid clause(s) in filter string: '" + part + "'");
        }
        wanted &= condition.group(2).equals(run.tags.get(condition.group(1)));
      }
      boolean inside = false;
      for (JsonNode id : body.path("experiment_ids")) {
        inside |= id.asString("").equals(run.experiment);
      }
      if (wanted && inside) {
        found.add(run);
      }
    }
    return page(
        "runs",
        found.stream().map(StubRuns::json).toList(),
        body.path("max_results").asInt(0),
        body.path("page_token").asString(""));
  }

  Object logBatch(JsonNode body) {
    Run run = run(body);
    JsonNode metrics = body.path("metrics");
    JsonNode params = body.path("params");
    JsonNode tags = body.path("tags");
    if (metrics.size() > 1000 || params.size() > 100 || tags.size() > 100) {
      throw StubRefusal.invalid("A batch logging request can contain at most 1000 metrics");
    }
    // As in the SQL stores: a batch with a fault writes nothing.
    for (JsonNode metric : metrics) {
      key(metric);
      if (!metric.has("timestamp") || !metric.has("value")) {
        throw StubRefusal.invalid("Missing value for required parameter 'metrics[0].timestamp'");
      }
    }
    for (JsonNode param : params) {
      String known = run.params.get(key(param));
      if (known != null && !known.equals(value(param))) {
        throw StubRefusal.invalid("Changing param values is not allowed");
      }
    }
    tags.forEach(StubRuns::key);
    for (JsonNode metric : metrics) {
      run.metrics.add(
          new Point(
              key(metric),
              metric.path("value").asString(),
              metric.path("timestamp").asLong(),
              metric.path("step").asLong(0)));
    }
    params.forEach(param -> run.params.put(key(param), cut(value(param), 6000)));
    tags.forEach(tag -> run.tags.put(key(tag), cut(value(tag), 8000)));
    return Map.of();
  }

  Object update(JsonNode body) {
    Run run = run(body);
    // An unknown status is ignored without a word.
    if (List.of("RUNNING", "FINISHED", "FAILED", "KILLED")
        .contains(body.path("status").asString(""))) {
      run.status = body.path("status").asString();
    }
    run.end = body.path("end_time").asLong(run.end);
    return Map.of("run_info", Map.of("run_id", run.id, "status", run.status));
  }

  Object delete(JsonNode body) {
    run(body).stage = "deleted";
    return Map.of();
  }

  Object history(Map<String, String> query) {
    Run run = state.runs.get(query.getOrDefault("run_id", ""));
    if (run == null) {
      throw StubRefusal.missing("Run not found");
    }
    // 3.x answers with nothing where the number of results is not given.
    int max = Integer.parseInt(query.getOrDefault("max_results", "0"));
    List<Map<String, Object>> points =
        run.metrics.stream()
            .filter(point -> point.key().equals(query.get("metric_key")))
            .map(StubRuns::json)
            .toList();
    return max == 0 ? Map.of() : page("metrics", points, max, query.getOrDefault("page_token", ""));
  }

  private Run run(JsonNode body) {
    Run run = state.runs.get(body.path("run_id").asString(""));
    if (run == null) {
      throw StubRefusal.missing("Run with id=" + body.path("run_id") + " not found");
    }
    if (!run.stage.equals("active")) {
      throw StubRefusal.invalid("The run must be in the 'active' state.");
    }
    return run;
  }

  private @org.jspecify.annotations.Nullable Experiment find(String name) {
    return state.experiments.values().stream()
        .filter(experiment -> experiment.name.equals(name))
        .findFirst()
        .orElse(null);
  }

  <T> Map<String, Object> page(String name, List<T> all, int max, String token) {
    if (max <= 0) {
      throw StubRefusal.invalid("Invalid value for request parameter max_results");
    }
    int from = token.isEmpty() ? 0 : Integer.parseInt(token);
    int to = Math.min(all.size(), from + Math.min(max, pageSize));
    Map<String, Object> answer = new LinkedHashMap<>();
    // An empty list is left out, as by the real servers.
    if (to > from) {
      answer.put(name, all.subList(from, to));
    }
    if (to < all.size()) {
      answer.put("next_page_token", String.valueOf(to));
    }
    return answer;
  }

  static String required(@org.jspecify.annotations.Nullable String value, String name) {
    if (value == null || value.isEmpty()) {
      throw StubRefusal.invalid("Missing value for required parameter '" + name + "'.");
    }
    return value;
  }

  static String key(JsonNode pair) {
    String key = required(pair.path("key").asString(null), "key");
    if (!KEY.matcher(key).matches() || key.startsWith("/") || key.contains("..")) {
      throw StubRefusal.invalid("Invalid value \"" + key + "\" for parameter 'name'");
    }
    return key;
  }

  static String value(JsonNode pair) {
    return pair.path("value").asString("");
  }

  private static String cut(String value, int limit) {
    return value.length() <= limit ? value : value.substring(0, limit);
  }

  private static Map<String, Object> json(Point point) {
    return Map.of(
        "key", point.key(),
        "value", point.value(),
        "timestamp", point.timestamp(),
        "step", point.step());
  }

  private static Map<String, Object> json(Run run) {
    Map<String, Point> latest = new LinkedHashMap<>();
    run.metrics.forEach(point -> latest.put(point.key(), point));
    return Map.of(
        "info",
        Map.of(
            "run_id", run.id,
            "run_uuid", run.id,
            "experiment_id", run.experiment,
            "status", run.status,
            "artifact_uri", run.artifactUri,
            "lifecycle_stage", run.stage),
        "data",
        Map.of(
            "metrics", latest.values().stream().map(StubRuns::json).toList(),
            "params", pairs(run.params),
            "tags", pairs(run.tags)));
  }

  static List<Map<String, String>> pairs(Map<String, String> values) {
    return values.entrySet().stream()
        .map(e -> Map.of("key", e.getKey(), "value", Objects.requireNonNull(e.getValue())))
        .toList();
  }
}
