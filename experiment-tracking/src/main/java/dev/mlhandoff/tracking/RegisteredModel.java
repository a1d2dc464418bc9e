package dev.mlhandoff.tracking;

import dev.mlhandoff.tracking.mlflow.MlflowException;
import dev.mlhandoff.tracking.mlflow.ModelsApi;
import dev.mlhandoff.tracking.mlflow.ModelsApi.ModelVersion;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Registers the model of an attempt exactly once, and lets the alias name the newest. */
final class RegisteredModel {

  /** Names the version that was last handed to the gate. */
  static final String ALIAS = "candidate";

  private final ModelsApi api;
  private final String model;

  RegisteredModel(ModelsApi api, String model) {
    this.api = api;
    this.model = model;
  }

  /**
   * @param run the server's id of the attempt's run
   * @param tags with version and attempt
   */
  void ensure(String run, String source, SortedMap<String, String> tags, String project)
      throws MlflowException {
    api.register(model, Map.of("handoff.project", project));
    if (api.versions(model, run).isEmpty()) {
      api.createVersion(model, source, run, tags);
    }
    List<ModelVersion> versions = api.versions(model, run);
    for (ModelVersion extra : versions.subList(1, versions.size())) {
      api.deleteVersion(model, extra.number());
    }
    ModelVersion own = versions.get(0);
    Optional<ModelVersion> current = api.aliased(model, ALIAS);
    // Attempts may be replayed in any order; the alias never goes back to an older one.
    if (current.isEmpty() || compare(current.get().tags(), tags) <= 0) {
      api.alias(model, ALIAS, own.number());
    }
  }

  /**
   * Rises with the version and, within one, with the attempt. What is no number, as in a tag that
   * somebody changed on the server, is before every number.
   */
  private static int compare(SortedMap<String, String> a, SortedMap<String, String> b) {
    return Arrays.compare(order(a), order(b));
  }

  private static long[] order(SortedMap<String, String> tags) {
    String text =
        tags.getOrDefault(RunNames.VERSION, "") + "." + tags.getOrDefault(RunNames.ATTEMPT, "");
    return Arrays.stream(text.split("\\.", -1)).mapToLong(RegisteredModel::number).toArray();
  }

  private static long number(String text) {
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
  }

  static SortedMap<String, String> tags(SortedMap<String, String> common) {
    SortedMap<String, String> tags = new TreeMap<>(common);
    tags.keySet().removeIf(key -> key.startsWith("mlflow."));
    return tags;
  }
}
