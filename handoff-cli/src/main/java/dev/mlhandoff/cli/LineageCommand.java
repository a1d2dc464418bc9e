package dev.mlhandoff.cli;

import dev.mlhandoff.cli.lineage.LineageTree;
import dev.mlhandoff.cli.lineage.ModelLineage;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.ml.bundle.BundleException;
import dev.mlhandoff.ml.bundle.ModelBundle;
import dev.mlhandoff.ml.pipeline.FittedFeature;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.RejectionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Follows a feature, a column or a model back to source columns and on to models. */
@Command(
    name = "lineage",
    mixinStandardHelpOptions = true,
    description =
        "Print what a feature, a column or a model comes from, back to the source columns, and which"
            + " features and models it goes into.")
final class LineageCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "FEATURE|COLUMN|MODEL",
      description =
          "a feature, a cleaned or source column, a column of a model, a model id or model/version")
  private String name;

  @Option(names = "--json", description = "print the lines as a JSON list")
  private boolean json;

  @Mixin private ArtifactOptions artifacts;

  @Override
  public Integer call() throws Exception {
    String cards = artifacts.cards();
    ArtifactStore store = artifacts.store();
    List<ModelLineage> models = new ArrayList<>();
    for (JsonNode model : Json.tree(Rest.get(cards + "/cards"))) {
      JsonNode card = Json.tree(Rest.get(cards + "/cards/" + Rest.id(model.asString(""))));
      models.add(lineage(card, store));
    }
    List<String> lines = new LineageTree(models).of(name);
    if (lines.isEmpty()) {
      throw new IOException("no feature, column or model of the cards is called " + name);
    }
    if (json) {
      System.out.write(Json.writePretty(lines));
      System.out.println();
    } else {
      lines.forEach(System.out::println);
    }
    return HandoffCommand.DONE;
  }

  private static ModelLineage lineage(JsonNode card, ArtifactStore store)
      throws IOException, RejectionException, BundleException {
    SortedMap<String, List<String>> served = new TreeMap<>();
    Path file = Files.createTempFile("model", ".zip");
    try {
      store.fetch(ref(card, StageIds.TRAINING, "model-bundle"), file);
      for (FittedFeature feature : ModelBundle.read(file).description().pipeline().features()) {
        served.put(feature.name(), feature.sources());
      }
    } finally {
      Files.deleteIfExists(file);
    }
    SortedMap<String, List<String>> features = new TreeMap<>();
    for (JsonNode feature : read(card, StageIds.FEATURE_ENGINEERING, "feature-set", store)) {
      List<String> columns = new ArrayList<>();
      feature.path("sources").forEach(column -> columns.add(column.asString("")));
      features.put(feature.path("name").asString(""), columns);
    }
    SortedMap<String, List<String>> columns = new TreeMap<>();
    for (JsonNode column : read(card, StageIds.DATA_PIPELINE, "lineage", store)) {
      List<String> sources = new ArrayList<>();
      for (JsonNode source : column.path("sources")) {
        sources.add(source.path("source").asString("") + ": " + source.path("column").asString(""));
      }
      columns.put(column.path("column").asString(""), sources);
    }
    JsonNode details = card.path("evidence").path("model_details");
    return new ModelLineage(
        details.path("model_id").asString(""),
        details.path("version").asString(""),
        served,
        features,
        columns);
  }

  private static JsonNode read(JsonNode card, String stage, String role, ArtifactStore store)
      throws IOException, RejectionException {
    return Json.tree(store.read(ref(card, stage, role)));
  }

  private static ArtifactRef ref(JsonNode card, String stage, String role) throws IOException {
    JsonNode found = card.path("status").path("artifacts").path(stage).path(role);
    if (!found.isObject()) {
      throw new IOException("a card names no " + stage + "/" + role);
    }
    return Json.convert(found, ArtifactRef.class);
  }
}
