package dev.mlhandoff.card;

import dev.mlhandoff.bom.DescribedModel;
import dev.mlhandoff.bom.DescribedModel.Dataset;
import dev.mlhandoff.bom.DescribedModel.Fairness;
import dev.mlhandoff.bom.DescribedModel.Performance;
import dev.mlhandoff.bom.DescribedModel.Risk;
import dev.mlhandoff.bom.ModelBom;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ModelCard;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.RejectionException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A card as a bill of materials, from its evidence and the artifacts that it names. */
final class CardBom {

  private static final String OUT_OF_FOLD = "training part, out of fold";
  private static final Set<String> FAIRNESS =
      Set.of("equal-opportunity", "selection-rate-ratio", "group-auc");

  private final ModelCard card;
  private final JsonNode evidence;
  private final CardArtifacts artifacts;

  private CardBom(ModelCard card, ArtifactStore store) {
    this.card = card;
    this.evidence = Json.tree(Json.write(card.evidence()));
    this.artifacts = new CardArtifacts(store, card);
  }

  /**
   * The bill as JSON.
   *
   * @throws RejectionException if an artifact is missing or was changed
   */
  static byte[] of(ModelCard card, ArtifactStore store) throws IOException, RejectionException {
    return ModelBom.json(new CardBom(card, store).describe());
  }

  private DescribedModel describe() throws IOException, RejectionException {
    JsonNode trial = selected(artifacts.json(StageIds.TRAINING, "experiment-report"));
    JsonNode audit = artifacts.json(StageIds.GOVERNANCE, "audit-report");
    String caveats = evidence.path("caveats_and_recommendations").asString("");
    return new DescribedModel(
        evidence.path("model_details").path("model_id").asString(""),
        card.modelName(),
        card.version(),
        artifacts.ref(StageIds.TRAINING, "model-bundle").sha256(),
        trial.path("family").asString(""),
        evidence.path("intended_use").asString(""),
        inputs(),
        datasets(),
        performance(trial, audit),
        fairness(audit),
        risks(),
        List.of(caveats),
        card.evidenceDigest(),
        Instant.parse(String.valueOf(card.status().get("accepted_at"))),
        properties(trial));
  }

  private static JsonNode selected(JsonNode report) throws RejectionException {
    for (JsonNode trial : report.path("leaderboard")) {
      if (trial.path("id").equals(report.path("selected"))) {
        return trial;
      }
    }
    throw new RejectionException(
        "ARTIFACT_CORRUPT", "the report selects what is not on its leaderboard", "");
  }

  private SortedMap<String, String> inputs() throws IOException, RejectionException {
    SortedMap<String, String> inputs = new TreeMap<>();
    for (JsonNode column : artifacts.json(StageIds.INFERENCE, "spec").path("features")) {
      inputs.put(column.path("name").asString(""), column.path("kind").asString(""));
    }
    return inputs;
  }

  /** Features, the dataset they are computed from, and the sources of that. */
  private List<Dataset> datasets() throws IOException, RejectionException {
    JsonNode description = artifacts.json(StageIds.DATA_PIPELINE, "dataset-description");
    SortedMap<String, String> cleaned = new TreeMap<>();
    Set<String> sources = new TreeSet<>();
    for (JsonNode column : artifacts.json(StageIds.DATA_PIPELINE, "lineage")) {
      List<String> from = new ArrayList<>();
      for (JsonNode source : column.path("sources")) {
        sources.add(source.path("source").asString(""));
        from.add(source.path("source").asString("") + ": " + source.path("column").asString(""));
      }
      cleaned.put(column.path("column").asString(""), String.join(", ", from));
    }
    Map<String, String> features = new TreeMap<>();
    for (JsonNode feature : artifacts.json(StageIds.FEATURE_ENGINEERING, "feature-set")) {
      features.put(
          feature.path("name").asString(""), String.join(", ", texts(feature.path("sources"))));
    }
    List<String> sensitive = texts(description.path("personalData"));
    sensitive.addAll(texts(description.path("protectedAttributes")));
    List<Dataset> datasets = new ArrayList<>();
    datasets.add(
        new Dataset(
            "data/features",
            "features",
            evidence.path("factors").path("summary").asString(""),
            artifacts.ref(StageIds.FEATURE_ENGINEERING, "features").sha256(),
            List.of("data/dataset"),
            List.of(),
            features));
    datasets.add(
        new Dataset(
            "data/dataset",
            description.path("dataset").asString(""),
            evidence.path("training_data").path("summary").asString(""),
            artifacts.ref(StageIds.DATA_PIPELINE, "dataset").sha256(),
            sources.stream().map(CardBom::sourceId).toList(),
            sensitive,
            cleaned));
    for (String source : sources) {
      datasets.add(
          new Dataset(
              sourceId(source),
              source,
              "source of the dataset",
              null,
              List.of(),
              List.of(),
              Map.of()));
    }
    return datasets;
  }

  private List<Performance> performance(JsonNode trial, JsonNode audit)
      throws IOException, RejectionException {
    List<Performance> performance = new ArrayList<>();
    JsonNode interval = trial.path("aucInterval");
    evidence
        .path("quantitative_analyses")
        .path("metrics")
        .properties()
        .forEach(
            metric -> {
              boolean auc = metric.getKey().equals("auc_roc") && interval.isObject();
              performance.add(
                  new Performance(
                      metric.getKey(),
                      metric.getValue().asDouble(),
                      OUT_OF_FOLD,
                      auc ? number(interval.path("lower")) : null,
                      auc ? number(interval.path("upper")) : null));
            });
    artifacts
        .json(StageIds.QUALITY_GATE, "gate-report")
        .path("metrics")
        .properties()
        .forEach(
            metric -> {
              if (metric.getKey().startsWith("holdout_")) {
                performance.add(
                    new Performance(
                        metric.getKey().substring("holdout_".length()),
                        metric.getValue().asDouble(),
                        "hold-out",
                        null,
                        null));
              }
            });
    for (JsonNode group : audit.path("groups")) {
      if (group.path("auc").isNumber()) {
        performance.add(
            new Performance(
                "auc_roc",
                group.path("auc").asDouble(),
                OUT_OF_FOLD + ", " + name(group),
                number(group.path("aucLower")),
                number(group.path("aucUpper"))));
      }
    }
    performance.add(
        new Performance("quality_score", card.qualityScore(), "quality gate", null, null));
    return performance;
  }

  private List<Fairness> fairness(JsonNode audit) {
    List<String> groups = new ArrayList<>();
    audit.path("groups").forEach(group -> groups.add(name(group)));
    List<Fairness> fairness = new ArrayList<>();
    for (JsonNode check : checks()) {
      String id = check.path("id").asString("");
      if (FAIRNESS.contains(id)) {
        fairness.add(
            new Fairness(
                groups.isEmpty() ? "no protected attribute is declared" : String.join(", ", groups),
                id + ": " + check.path("finding").asString(""),
                check.path("remediation").asString("")));
      }
    }
    return fairness;
  }

  private List<Risk> risks() {
    List<Risk> risks = new ArrayList<>();
    for (JsonNode check : checks()) {
      if (!check.path("passed").asBoolean(false)) {
        risks.add(
            new Risk(
                check.path("id").asString("") + ": " + check.path("finding").asString(""),
                check.path("remediation").asString("")));
      }
    }
    return risks;
  }

  private SortedMap<String, String> properties(JsonNode trial) {
    SortedMap<String, String> properties = new TreeMap<>();
    trial
        .path("parameters")
        .properties()
        .forEach(
            parameter ->
                properties.put("parameter:" + parameter.getKey(), parameter.getValue().toString()));
    properties.put("seed", evidence.path("model_details").path("seed").asString(""));
    properties.put("deployment_status", card.deploymentStatus());
    properties.put("run_id", String.valueOf(card.status().get("run_id")));
    card.pipelineStages()
        .forEach(stage -> properties.put("stage:" + stage.stage(), stage.persona()));
    return properties;
  }

  private JsonNode checks() {
    return evidence.path("ethical_considerations").path("checks");
  }

  private static String name(JsonNode group) {
    return group.path("attribute").asString("") + "=" + group.path("value").asString("");
  }

  private static @Nullable Double number(JsonNode node) {
    return node.isNumber() ? (Double) node.asDouble() : null;
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.asString("")));
    return texts;
  }

  private static String sourceId(String source) {
    return "data/source/" + source.replaceAll("[^A-Za-z0-9._-]+", "-");
  }
}
