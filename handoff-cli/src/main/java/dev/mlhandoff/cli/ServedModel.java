package dev.mlhandoff.cli;

import dev.mlhandoff.messages.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What IOR says of a model that it serves. */
final class ServedModel {

  private ServedModel() {}

  /**
   * The features that the model reads.
   *
   * @param predict address of IOR
   * @throws IOException if there is no such model, or no version of it serves, in words for the
   *     user
   */
  static List<String> features(String predict, String model)
      throws IOException, InterruptedException {
    JsonNode models = Json.tree(Rest.get(predict + "/models"));
    JsonNode table = models.path(Rest.id(model));
    if (table.isMissingNode()) {
      List<String> known = new ArrayList<>(models.propertyNames());
      throw new IOException(
          "no model is called %s; %s"
              .formatted(
                  model,
                  known.isEmpty() ? "none serves yet" : "there are " + String.join(", ", known)));
    }
    int weight = 0;
    for (JsonNode route : table.path("routes")) {
      weight += route.path("weight").asInt(0);
    }
    if (weight == 0) {
      throw new IOException("no version of " + model + " serves yet");
    }
    List<String> features = new ArrayList<>();
    for (JsonNode input :
        Json.tree(Rest.get(predict + "/v2/models/" + Rest.id(model))).path("inputs")) {
      features.add(input.path("name").asString(""));
    }
    return features;
  }
}
