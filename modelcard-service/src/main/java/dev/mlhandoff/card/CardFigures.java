package dev.mlhandoff.card;

import dev.mlhandoff.card.figures.Chart;
import dev.mlhandoff.card.figures.Curves;
import dev.mlhandoff.card.figures.Point;
import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ModelCard;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.RejectionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.util.HtmlUtils;
import tools.jackson.databind.JsonNode;

/**
 * Figures of a card, computed from its evidence artifacts at each reading; each artifact's digest
 * is checked. What cannot be read is left out, and the page says so.
 */
final class CardFigures {

  private static final Logger log = LoggerFactory.getLogger(CardFigures.class);
  private static final int CALIBRATION_BINS = 10;
  private static final int HISTOGRAM_BINS = 20;
  private static final int IMPORTANT_FEATURES = 15;
  private static final Point ORIGIN = new Point(0, 0);
  private static final Point CORNER = new Point(1, 1);

  private final ArtifactStore artifacts;

  CardFigures(ArtifactStore artifacts) {
    this.artifacts = artifacts;
  }

  /**
   * A figure.
   *
   * @param content SVG or a table, as safe HTML
   * @param caption what it shows, in plain text
   */
  record Figure(String title, String content, String caption) {}

  List<Figure> of(ModelCard card) {
    JsonNode status = Json.tree(Json.write(card.status())).path("artifacts");
    List<Figure> figures = new ArrayList<>();
    add(figures, card, () -> curves(status, report(status)));
    add(figures, card, () -> importance(report(status)).stream().toList());
    add(figures, card, () -> List.of(leaderboard(report(status))));
    add(figures, card, () -> List.of(lineage(features(status), report(status))));
    return figures;
  }

  private interface Part {
    List<Figure> read() throws IOException, RejectionException, SQLException;
  }

  private static void add(List<Figure> figures, ModelCard card, Part part) {
    try {
      figures.addAll(part.read());
    } catch (IOException | RejectionException | SQLException | RuntimeException e) {
      log.warn("a figure of {} {} is left out", card.modelName(), card.version(), e);
    }
  }

  private JsonNode report(JsonNode status) throws IOException, RejectionException {
    return json(status, StageIds.TRAINING, "experiment-report");
  }

  private JsonNode features(JsonNode status) throws IOException, RejectionException {
    return json(status, StageIds.FEATURE_ENGINEERING, "feature-set");
  }

  private List<Figure> curves(JsonNode status, JsonNode report)
      throws IOException, RejectionException, SQLException {
    Curves curves = predictions(status);
    double threshold = report.path("threshold").asDouble(0.5);
    int[][] counts = curves.confusion(threshold);
    double prevalence =
        (double) (counts[1][0] + counts[1][1])
            / (counts[0][0] + counts[0][1] + counts[1][0] + counts[1][1]);
    List<Figure> figures = new ArrayList<>();
    figures.add(
        new Figure(
            "ROC curve",
            new Chart("ROC curve", "false positive rate", 1, "true positive rate", 1)
                .reference(ORIGIN, CORNER)
                .curve(1, curves.roc())
                .svg(),
            "Out-of-fold predictions. The dashed line is chance."));
    figures.add(
        new Figure(
            "Precision and recall",
            new Chart("Precision-recall curve", "recall", 1, "precision", 1)
                .reference(new Point(0, prevalence), new Point(1, prevalence))
                .curve(1, curves.precisionRecall())
                .svg(),
            "The dashed line is what choosing at random would give: the share of positives."));
    figures.add(
        new Figure(
            "Calibration",
            new Chart("Calibration", "mean predicted probability", 1, "share of positives", 1)
                .reference(ORIGIN, CORNER)
                .curve(1, curves.calibration(CALIBRATION_BINS))
                .marks(1, curves.calibration(CALIBRATION_BINS))
                .svg(),
            "Ten bins with as many rows each. On the dashed line a probability means what it"
                + " says."));
    double[] negatives = curves.histogram(0, HISTOGRAM_BINS);
    double[] positives = curves.histogram(1, HISTOGRAM_BINS);
    double highest = highest(negatives, positives);
    figures.add(
        new Figure(
            "Distribution of the score",
            new Chart("Distribution of the score", "probability", 1, "share of the class", highest)
                    .bars(2, negatives)
                    .bars(1, positives)
                    .reference(new Point(threshold, 0), new Point(threshold, highest))
                    .svg()
                + legend("positives", "negatives"),
            "The dashed line is the decision threshold, %.3f.".formatted(threshold)));
    double best = curves.lift().stream().mapToDouble(Point::y).max().orElse(1);
    figures.add(
        new Figure(
            "Lift",
            new Chart("Lift", "share of the rows, best first", 1, "lift", Math.ceil(best))
                .reference(new Point(0, 1), CORNER)
                .curve(1, curves.lift())
                .svg(),
            "How many times denser the positives are among the rows with the highest scores."));
    figures.add(
        new Figure(
            "Decisions at the threshold",
            ("<table><thead><tr><th scope=\"col\">truth</th><th scope=\"col\">decided no</th><th"
                    + " scope=\"col\">decided yes</th></tr></thead><tbody><tr><th"
                    + " scope=\"row\">negative</th><td>%,d</td><td>%,d</td></tr><tr><th"
                    + " scope=\"row\">positive</th><td>%,d</td><td>%,d</td></tr></tbody></table>")
                .formatted(counts[0][0], counts[0][1], counts[1][0], counts[1][1]),
            "Rows of the training part, each scored by a model that never saw it."));
    return figures;
  }

  private static double highest(double[]... heights) {
    double highest = Stream.of(heights).flatMapToDouble(Arrays::stream).max().orElse(1);
    return Math.max(0.2, Math.ceil(highest * 5) / 5);
  }

  private static Optional<Figure> importance(JsonNode report) {
    JsonNode importance = report.path("importance");
    List<JsonNode> features = new ArrayList<>();
    importance.path("features").forEach(features::add);
    if (features.isEmpty()) {
      return Optional.empty();
    }
    features.sort(
        Comparator.comparingDouble((JsonNode f) -> f.path("permutation").asDouble(0)).reversed());
    double largest = Math.max(1e-9, features.get(0).path("permutation").asDouble(0));
    StringBuilder rows = new StringBuilder();
    for (JsonNode feature : features.subList(0, Math.min(IMPORTANT_FEATURES, features.size()))) {
      double drop = feature.path("permutation").asDouble(0);
      rows.append(
          "<tr><th scope=\"row\">%s</th><td class=\"number\">%.4f</td><td class=\"wide\"><span class=\"share\" style=\"width:%.0f%%\"></span></td></tr>"
              .formatted(
                  escaped(feature.path("name").asString("")),
                  drop,
                  Math.max(0, 100 * drop / largest)));
    }
    return Optional.of(
        new Figure(
            "Most important features",
            "<table><tbody>" + rows + "</tbody></table>",
            importance.path("permutationMethod").asString("loss of AUC when permuted")));
  }

  private static Figure leaderboard(JsonNode report) {
    StringBuilder rows = new StringBuilder();
    for (JsonNode trial : report.path("leaderboard")) {
      boolean selected = trial.path("id").equals(report.path("selected"));
      rows.append(
          "<tr><th scope=\"row\">%s%s</th><td class=\"number\">%.4f</td><td class=\"number\">%.4f</td></tr>"
              .formatted(
                  escaped(trial.path("id").asString("")),
                  selected ? " <strong>(selected)</strong>" : "",
                  trial.path("meanAuc").asDouble(0),
                  trial.path("spread").asDouble(0)));
    }
    StringBuilder why = new StringBuilder();
    report.path("justification").forEach(reason -> why.append(reason.asString("")).append(' '));
    return new Figure(
        "Models compared",
        "<table><thead><tr><th scope=\"col\">configuration</th><th scope=\"col\">mean AUC-ROC</th><th"
            + " scope=\"col\">spread</th></tr></thead><tbody>"
            + rows
            + "</tbody></table>",
        why.toString().strip());
  }

  private static Figure lineage(JsonNode features, JsonNode report) {
    StringBuilder rows = new StringBuilder();
    for (JsonNode feature : features) {
      List<String> sources = new ArrayList<>();
      feature.path("sources").forEach(source -> sources.add(source.asString("")));
      rows.append(
          "<tr><th scope=\"row\">%s</th><td>%s</td><td>%s</td></tr>"
              .formatted(
                  escaped(feature.path("name").asString("")),
                  escaped(feature.path("description").asString("")),
                  escaped(String.join(", ", sources))));
    }
    return new Figure(
        "Where the features come from",
        "<details><summary>%d candidate features</summary><table><thead><tr><th scope=\"col\">feature</th><th scope=\"col\">meaning</th><th scope=\"col\">computed from</th></tr></thead><tbody>%s</tbody></table></details>"
            .formatted(features.size(), rows),
        "%d columns remain in the final model.".formatted(report.path("features").size()));
  }

  private static String legend(String one, String two) {
    return "<p class=\"legend\"><span class=\"key series-1\"></span>%s <span class=\"key series-2\"></span>%s</p>"
        .formatted(one, two);
  }

  private Curves predictions(JsonNode status) throws IOException, RejectionException, SQLException {
    Path folder = Files.createTempDirectory("card");
    Path predictions = folder.resolve("predictions.parquet");
    Path dataset = folder.resolve("dataset.parquet");
    try (DuckDb database = DuckDb.open(folder)) {
      artifacts.fetch(reference(status, StageIds.TRAINING, "oof-predictions"), predictions);
      artifacts.fetch(reference(status, StageIds.DATA_PIPELINE, "dataset"), dataset);
      List<double[]> rows = new ArrayList<>();
      try (Statement statement = database.connection().createStatement();
          ResultSet result =
              statement.executeQuery(
                  ("SELECT calibrated, CAST(label AS INTEGER) FROM read_parquet(%s) p JOIN"
                          + " read_parquet(%s) d USING (entity_key) WHERE label IS NOT NULL ORDER BY"
                          + " entity_key")
                      .formatted(
                          DuckDb.text(predictions.toString()), DuckDb.text(dataset.toString())))) {
        while (result.next()) {
          rows.add(new double[] {result.getDouble(1), result.getInt(2)});
        }
      }
      return new Curves(
          rows.stream().mapToDouble(row -> row[0]).toArray(),
          rows.stream().mapToInt(row -> (int) row[1]).toArray());
    } finally {
      Files.deleteIfExists(predictions);
      Files.deleteIfExists(dataset);
      Files.deleteIfExists(folder);
    }
  }

  private JsonNode json(JsonNode status, String stage, String role)
      throws IOException, RejectionException {
    return Json.tree(artifacts.read(reference(status, stage, role)));
  }

  private static ArtifactRef reference(JsonNode status, String stage, String role)
      throws RejectionException {
    JsonNode found = status.path(stage).path(role);
    if (found.isMissingNode()) {
      throw new RejectionException("ARTIFACT_MISSING", "the card names no " + role, "");
    }
    return Json.convert(found, ArtifactRef.class);
  }

  private static String escaped(String text) {
    return HtmlUtils.htmlEscape(text);
  }
}
