package dev.mlhandoff.card;

import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ModelCard;
import dev.mlhandoff.messages.StageIds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a card's page shows: the card, and the artifacts that it names as far as they can be read.
 *
 * @param evidence the card's evidence
 * @param status the card's status
 * @param report the experiment report
 * @param audit the audit report of the governance gate
 * @param quality the data-quality checks
 * @param description the dataset's description
 * @param featureSet the definitions of the candidate features
 * @param confusion null if the predictions cannot be read
 */
record CardView(
    ModelCard card,
    JsonNode evidence,
    JsonNode status,
    JsonNode report,
    JsonNode audit,
    JsonNode quality,
    JsonNode description,
    JsonNode featureSet,
    List<Figure> figures,
    @Nullable Confusion confusion) {

  private static final int IMPORTANT = 15;

  static CardView of(ModelCard card, EvidenceReader reader) {
    JsonNode status = Json.tree(Json.write(card.status()));
    JsonNode artifacts = status.path("artifacts");
    JsonNode report = reader.json(ref(artifacts, StageIds.TRAINING, "experiment-report"));
    Charts charts =
        reader.charts(
            ref(artifacts, StageIds.TRAINING, "oof-predictions"),
            ref(artifacts, StageIds.DATA_PIPELINE, "dataset"),
            report.path("threshold").asDouble(0.5));
    List<Figure> figures = new ArrayList<>(charts.figures());
    Figure learning = CardFigures.learning(report);
    if (learning != null) {
      figures.add(learning);
    }
    return new CardView(
        card,
        Json.tree(Json.write(card.evidence())),
        status,
        report,
        reader.json(ref(artifacts, "governance", "audit-report")),
        reader.json(ref(artifacts, StageIds.DATA_PIPELINE, "data-quality")),
        reader.json(ref(artifacts, StageIds.DATA_PIPELINE, "dataset-description")),
        reader.json(ref(artifacts, StageIds.FEATURE_ENGINEERING, "feature-set")),
        figures,
        charts.confusion());
  }

  /**
   * The page, which has all it needs within itself.
   *
   * @param bar whether it leads to the board
   */
  String page(boolean bar) {
    return Html.of((out, tags) -> JtecardGenerated.render(out, tags, this, bar));
  }

  String key() {
    return evidence.path("model_details").path("model_id").asString("") + "/" + card.version();
  }

  JsonNode metrics() {
    return evidence.path("quantitative_analyses").path("metrics");
  }

  boolean has(String metric) {
    return metrics().path(metric).isNumber();
  }

  double metric(String name) {
    return metrics().path(name).asDouble();
  }

  /** What the selected configuration did, on the leaderboard. */
  JsonNode selected() {
    for (JsonNode trial : report.path("leaderboard")) {
      if (trial.path("id").equals(report.path("selected"))) {
        return trial;
      }
    }
    return Json.mapper().missingNode();
  }

  /** The features whose loss costs most, the costliest first. */
  List<JsonNode> importance() {
    List<JsonNode> features = new ArrayList<>();
    report.path("importance").path("features").forEach(features::add);
    features.sort(
        Comparator.comparingDouble((JsonNode f) -> f.path("permutation").asDouble()).reversed());
    return features.subList(0, Math.min(IMPORTANT, features.size()));
  }

  private static @Nullable ArtifactRef ref(JsonNode artifacts, String stage, String role) {
    JsonNode found = artifacts.path(stage).path(role);
    return found.isMissingNode() ? null : Json.convert(found, ArtifactRef.class);
  }
}
