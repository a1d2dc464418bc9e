package dev.mlhandoff.tracking.mlflow;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** The model registry of a server. */
public final class ModelsApi {

  private final Connection connection;

  public ModelsApi(MlflowServer server) {
    this.connection = new Connection(server);
  }

  /**
   * A version of a registered model.
   *
   * @param number given by the server, from 1
   */
  public record ModelVersion(int number, SortedMap<String, String> tags) {}

  /** Makes sure that there is a model of this name. */
  public void register(String model, Map<String, String> tags) throws MlflowException {
    try {
      connection.post(
          "registered-models/create",
          Map.of("name", model, "tags", RunsApi.pairs(tags, Limits.TAG_BYTES)));
    } catch (MlflowException e) {
      if (!e.is("RESOURCE_ALREADY_EXISTS")) {
        throw e;
      }
    }
  }

  /** The versions that come from a run, lowest number first. */
  public List<ModelVersion> versions(String model, String run) throws MlflowException {
    return Pages.all(
            "model_versions",
            Map.of("filter", "name = '%s' and run_id = '%s'".formatted(model, run)),
            page -> connection.get("model-versions/search", page))
        .stream()
        .map(ModelsApi::read)
        .sorted(Comparator.comparingInt(ModelVersion::number))
        .toList();
  }

  public void createVersion(String model, String source, String run, Map<String, String> tags)
      throws MlflowException {
    connection.post(
        "model-versions/create",
        Map.of(
            "name",
            model,
            "source",
            source,
            "run_id",
            run,
            "tags",
            RunsApi.pairs(tags, Limits.TAG_BYTES)));
  }

  public void deleteVersion(String model, int number) throws MlflowException {
    connection.delete(
        "model-versions/delete", Map.of("name", model, "version", String.valueOf(number)));
  }

  /** The version that an alias names, if it names one. */
  public Optional<ModelVersion> aliased(String model, String alias) throws MlflowException {
    JsonNode aliases =
        connection
            .get("registered-models/get", Map.of("name", model))
            .path("registered_model")
            .path("aliases");
    for (JsonNode candidate : aliases) {
      if (candidate.path("alias").asString("").equals(alias)) {
        String number = candidate.path("version").asString();
        return Optional.of(
            read(
                connection
                    .get("model-versions/get", Map.of("name", model, "version", number))
                    .path("model_version")));
      }
    }
    return Optional.empty();
  }

  public void alias(String model, String alias, int number) throws MlflowException {
    connection.post(
        "registered-models/alias",
        Map.of("name", model, "alias", alias, "version", String.valueOf(number)));
  }

  private static ModelVersion read(JsonNode version) {
    SortedMap<String, String> tags = new TreeMap<>();
    version
        .path("tags")
        .forEach(tag -> tags.put(tag.path("key").asString(), tag.path("value").asString("")));
    return new ModelVersion(Integer.parseInt(version.path("version").asString()), tags);
  }
}
