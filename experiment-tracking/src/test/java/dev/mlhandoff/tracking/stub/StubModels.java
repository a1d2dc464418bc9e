package dev.mlhandoff.tracking.stub;

import dev.mlhandoff.tracking.stub.StubState.Model;
import dev.mlhandoff.tracking.stub.StubState.Version;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The model registry. */
final class StubModels {

  private static final Pattern FILTER = Pattern.compile("name = '([^']*)' and run_id = '([^']*)'");
  private static final Pattern ALIAS = Pattern.compile("[\\w-]{1,255}");

  private final StubState state;
  private final StubRuns runs;

  StubModels(StubState state, StubRuns runs) {
    this.state = state;
    this.runs = runs;
  }

  Object create(JsonNode body) {
    String name = StubRuns.required(body.path("name").asString(null), "name");
    if (name.contains("/") || name.contains(":")) {
      throw StubRefusal.invalid("Invalid model name");
    }
    if (state.models.containsKey(name)) {
      throw StubRefusal.exists("Registered Model (name=" + name + ") already exists.");
    }
    Model model = new Model();
    body.path("tags").forEach(tag -> model.tags.put(StubRuns.key(tag), StubRuns.value(tag)));
    state.models.put(name, model);
    return Map.of("registered_model", Map.of("name", name));
  }

  Object get(Map<String, String> query) {
    Model model = model(query.getOrDefault("name", ""));
    return Map.of(
        "registered_model",
        Map.of(
            "name",
            query.getOrDefault("name", ""),
            "aliases",
            model.aliases.entrySet().stream()
                .map(e -> Map.of("alias", e.getKey(), "version", String.valueOf(e.getValue())))
                .toList()));
  }

  Object alias(JsonNode body) {
    Model model = model(body.path("name").asString(""));
    String alias = body.path("alias").asString("");
    if (!ALIAS.matcher(alias).matches() || alias.equals("latest") || alias.matches("v\\d+")) {
      throw StubRefusal.invalid("Invalid alias name: '" + alias + "'");
    }
    int number = Integer.parseInt(body.path("version").asString("0"));
    if (!model.versions.containsKey(number)) {
      throw StubRefusal.missing("Model Version not found");
    }
    model.aliases.put(alias, number);
    return Map.of();
  }

  Object createVersion(JsonNode body) {
    Model model = model(body.path("name").asString(""));
    Version version = new Version();
    version.source = StubRuns.required(body.path("source").asString(null), "source");
    version.run = body.path("run_id").asString("");
    if (version.source.startsWith("/") || version.source.startsWith("file:")) {
      throw StubRefusal.invalid("Invalid model version source: '" + version.source + "'");
    }
    if (!state.runs.containsKey(version.run)) {
      throw StubRefusal.missing("Run not found");
    }
    version.number = model.next++;
    body.path("tags").forEach(tag -> version.tags.put(StubRuns.key(tag), StubRuns.value(tag)));
    model.versions.put(version.number, version);
    return Map.of("model_version", json(body.path("name").asString(), version));
  }

  Object deleteVersion(JsonNode body) {
    int number = Integer.parseInt(body.path("version").asString("0"));
    Model model = model(body.path("name").asString(""));
    model.versions.remove(number);
    model.aliases.values().removeIf(named -> named == number);
    return Map.of();
  }

  Object version(Map<String, String> query) {
    Version version =
        model(query.getOrDefault("name", ""))
            .versions
            .get(Integer.parseInt(query.getOrDefault("version", "0")));
    if (version == null) {
      throw StubRefusal.missing("Model Version not found");
    }
    return Map.of("model_version", json(query.getOrDefault("name", ""), version));
  }

  Object search(Map<String, String> query) {
    Matcher filter = FILTER.matcher(query.getOrDefault("filter", ""));
    if (!filter.matches()) {
      throw StubRefusal.invalid("Invalid filter");
    }
    Model model = state.models.get(filter.group(1));
    List<Map<String, Object>> found =
        model == null
            ? List.of()
            : model.versions.values().stream()
                .filter(version -> version.run.equals(filter.group(2)))
                .map(version -> json(filter.group(1), version))
                .toList();
    return runs.page(
        "model_versions",
        found,
        Integer.parseInt(query.getOrDefault("max_results", "10000")),
        query.getOrDefault("page_token", ""));
  }

  private Model model(String name) {
    Model model = state.models.get(name);
    if (model == null) {
      throw StubRefusal.missing("Registered Model with name=" + name + " not found");
    }
    return model;
  }

  private static Map<String, Object> json(String name, Version version) {
    return Map.of(
        "name",
        name,
        "version",
        String.valueOf(version.number),
        "source",
        version.source,
        "run_id",
        version.run,
        "tags",
        StubRuns.pairs(version.tags));
  }
}
