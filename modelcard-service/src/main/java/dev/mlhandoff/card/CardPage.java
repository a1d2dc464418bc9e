package dev.mlhandoff.card;

import static dev.mlhandoff.card.Page.escaped;

import dev.mlhandoff.card.CardFigures.Figure;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ModelCard;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A card as one self-contained page: first what a manager asks, then what a data scientist does.
 */
final class CardPage {

  private static final Map<String, String> NUMBERS =
      Map.of(
          "auc_roc", "AUC-ROC",
          "average_precision", "average precision",
          "precision_at_k", "precision@k",
          "recall", "recall",
          "f1", "F1",
          "brier", "Brier score",
          "calibration_error", "calibration error");

  private final ModelCard card;
  private final JsonNode evidence;
  private final JsonNode status;
  private final StringBuilder page = new StringBuilder();

  private CardPage(ModelCard card) {
    this.card = card;
    evidence = Json.tree(Json.write(card.evidence()));
    status = Json.tree(Json.write(card.status()));
  }

  static String of(ModelCard card, List<Figure> figures) {
    return new CardPage(card).render(figures);
  }

  private String render(List<Figure> figures) {
    header();
    page.append("<main>");
    prose("What it is for", evidence.path("intended_use"));
    quality();
    figures(figures);
    stages();
    prose("Training data", evidence.path("training_data").path("summary"));
    prose("Features", evidence.path("factors").path("summary"));
    prose("Evaluation data", evidence.path("evaluation_data"));
    if (evidence.has("retraining")) {
      section("Trained again", evidence.path("retraining"));
    }
    section("Ethical considerations", evidence.path("ethical_considerations"));
    prose("Limits", evidence.path("caveats_and_recommendations"));
    deployment();
    digests();
    page.append("</main><footer><p>Run ")
        .append(escaped(status.path("run_id").asString("")))
        .append(" · evidence digest <code>")
        .append(escaped(card.evidenceDigest()))
        .append("</code></p></footer>");
    return Page.standing(card.modelName() + " " + card.version(), page.toString());
  }

  private void header() {
    String deployed = card.deploymentStatus();
    String tone =
        deployed.equals("production") ? "good" : deployed.equals("rolled_back") ? "bad" : "wait";
    page.append(
        "<header><p class=\"quiet\">Model card</p><h1>%s %s</h1><p><span class=\"badge %s\">%s</span> quality score <strong>%s</strong>, threshold %s</p></header>"
            .formatted(
                escaped(card.modelName()),
                escaped(card.version()),
                tone,
                escaped(deployed.replace('_', ' ')),
                number(card.qualityScore()),
                number(evidence.path("metrics").path("threshold").asDouble(0))));
  }

  private void quality() {
    page.append("<h2>How good it is</h2>");
    for (JsonNode reason : evidence.path("metrics").path("reasons")) {
      page.append("<p>").append(escaped(reason.asString(""))).append("</p>");
    }
    page.append("<dl class=\"numbers\">");
    JsonNode metrics = evidence.path("quantitative_analyses").path("metrics");
    NUMBERS.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .filter(entry -> metrics.has(entry.getKey()))
        .forEach(entry -> tile(entry.getValue(), number(metrics.path(entry.getKey()).asDouble(0))));
    page.append(
        "</dl><h3>What the gate scored</h3><p>The quality score is the lowest of these.</p><dl class=\"numbers\">");
    evidence
        .path("metrics")
        .path("dimensions")
        .properties()
        .forEach(entry -> tile(entry.getKey(), number(entry.getValue().asDouble(0))));
    page.append("</dl>");
  }

  private void figures(List<Figure> figures) {
    page.append("<h2>Figures</h2>");
    if (figures.isEmpty()) {
      page.append("<p>The artifacts behind the figures cannot be read at the moment.</p>");
      return;
    }
    page.append("<div class=\"figures\">");
    for (Figure figure : figures) {
      page.append(
          "<figure><h3>%s</h3>%s<figcaption>%s</figcaption></figure>"
              .formatted(escaped(figure.title()), figure.content(), escaped(figure.caption())));
    }
    page.append("</div>");
  }

  private void stages() {
    page.append(
        "<h2>How it was made</h2><table class=\"stack\"><thead><tr><th scope=\"col\">stage</th><th"
            + " scope=\"col\">persona</th><th scope=\"col\">what was done</th></tr></thead><tbody>");
    Map<String, String> sections =
        Map.of(
            "data_pipeline", "training_data",
            "feature_engineering", "factors",
            "training", "quantitative_analyses",
            "inference", "inference",
            "deployment", "deployment");
    for (ModelCard.PipelineStage stage : card.pipelineStages()) {
      page.append(
          "<tr><th scope=\"row\">%s</th><td>%s</td><td>%s</td></tr>"
              .formatted(
                  escaped(stage.stage().replace('_', ' ')),
                  escaped(stage.persona()),
                  escaped(
                      evidence
                          .path(sections.getOrDefault(stage.stage(), ""))
                          .path("summary")
                          .asString(""))));
    }
    page.append("</tbody></table>");
  }

  private void deployment() {
    page.append(
        "<h2>Deployment</h2><table class=\"stack\"><thead><tr><th scope=\"col\">when</th><th scope=\"col\">state</th><th scope=\"col\">why</th></tr></thead><tbody>");
    for (JsonNode step : status.path("deployment_history")) {
      page.append(
          "<tr><td>%s</td><th scope=\"row\">%s</th><td>%s</td></tr>"
              .formatted(
                  escaped(step.path("at").asString("")),
                  escaped(step.path("state").asString("")),
                  escaped(step.path("reason").asString(""))));
    }
    page.append("</tbody></table>");
    if (status.has("superseded_by")) {
      section("Superseded by", status.path("superseded_by"));
    }
    if (status.has("retrains")) {
      section("Retrains of this version", status.path("retrains"));
    }
    if (!status.path("approvals").isEmpty()) {
      section("Approvals", status.path("approvals"));
    }
  }

  private void digests() {
    page.append(
        "<h2>Evidence</h2><details><summary>SHA-256 of every artifact behind this card</summary><table>");
    evidence
        .properties()
        .forEach(
            section ->
                section
                    .getValue()
                    .path("evidence_sha256")
                    .properties()
                    .forEach(
                        digest ->
                            page.append(
                                "<tr><th scope=\"row\">%s</th><td><code>%s</code></td></tr>"
                                    .formatted(
                                        escaped(digest.getKey()),
                                        escaped(digest.getValue().asString(""))))));
    page.append("</table></details>");
  }

  private void prose(String title, JsonNode text) {
    if (!text.asString("").isEmpty()) {
      page.append("<h2>%s</h2><p>%s</p>".formatted(title, escaped(text.asString(""))));
    }
  }

  private void section(String title, JsonNode content) {
    page.append("<h2>").append(title).append("</h2>");
    page.append(
        content.isString() ? "<p>" + escaped(content.asString("")) + "</p>" : nested(content));
  }

  private static String nested(JsonNode content) {
    StringBuilder text = new StringBuilder();
    if (content.isObject()) {
      text.append("<div class=\"scroll\"><table>");
      content
          .properties()
          .forEach(
              entry ->
                  text.append(
                      "<tr><th scope=\"row\">%s</th><td>%s</td></tr>"
                          .formatted(
                              escaped(entry.getKey().replace('_', ' ')),
                              nested(entry.getValue()))));
      return text.append("</table></div>").toString();
    }
    if (content.isArray()) {
      content.forEach(item -> text.append("<div>").append(nested(item)).append("</div>"));
      return text.toString();
    }
    return escaped(content.isNumber() ? number(content.asDouble()) : content.asString(""));
  }

  private void tile(String name, String value) {
    page.append("<div><dt>%s</dt><dd>%s</dd></div>".formatted(escaped(name), value));
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) >= 10
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%.3f", value);
  }
}
