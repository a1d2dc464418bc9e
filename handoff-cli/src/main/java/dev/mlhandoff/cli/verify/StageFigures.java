package dev.mlhandoff.cli.verify;

import dev.mlhandoff.data.ParquetTable;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.runtime.RejectionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Summaries and metrics of the stages, held against what the stages' artifacts hold. */
final class StageFigures {

  private static final List<String> BOOKKEEPING = List.of("entity_key", "label", "holdout", "fold");

  private final ReadCard card;
  private final CardArtifacts artifacts;
  private final Ledger ledger;

  StageFigures(ReadCard card, CardArtifacts artifacts, Ledger ledger) {
    this.card = card;
    this.artifacts = artifacts;
    this.ledger = ledger;
  }

  /**
   * Checks them.
   *
   * @param training figures of the selected configuration; null if they cannot be computed
   */
  void check(@Nullable Map<String, Double> training) {
    for (String stage : StageIds.OF_THE_CARD) {
      summary(stage);
    }
    figures(StageIds.DATA_PIPELINE, this::data);
    figures(StageIds.FEATURE_ENGINEERING, this::features);
    if (training != null) {
      figures(StageIds.TRAINING, () -> training);
    } else {
      ledger.fails(subject(StageIds.TRAINING), "its figures cannot be computed again");
    }
    figures(StageIds.INFERENCE, Map::of);
    figures(StageIds.DEPLOYMENT, Map::of);
  }

  private interface Figures {
    Map<String, Double> compute() throws IOException, RejectionException;
  }

  private void figures(String stage, Figures figures) {
    String subject = subject(stage);
    try {
      ledger.figures(
          subject, card.section(stage).path("metrics"), figures.compute(), "the artifacts");
    } catch (IOException | RejectionException | RuntimeException e) {
      ledger.broken(subject, e);
    }
  }

  /** The stage wrote the same summary into its specification. */
  private void summary(String stage) {
    String subject = "summary " + stage;
    String claimed = card.section(stage).path("summary").asString("");
    try {
      String written =
          Files.readString(
              artifacts.fetch(card.artifact(stage, "spec-md")), StandardCharsets.UTF_8);
      boolean inherited =
          card.isRetrain()
              && (stage.equals(StageIds.DATA_PIPELINE)
                  || stage.equals(StageIds.FEATURE_ENGINEERING));
      boolean holds =
          inherited
              // A retrain adds a sentence of its own to what the first run wrote.
              ? written.lines().anyMatch(line -> !line.isBlank() && claimed.startsWith(line))
              : !claimed.isEmpty() && written.contains(claimed);
      if (holds) {
        ledger.holds(subject, "stands in " + stage + "/spec-md");
      } else {
        ledger.fails(subject, "it is not what " + stage + "/spec-md says");
      }
    } catch (IOException | RejectionException e) {
      ledger.broken(subject, e);
    }
  }

  private Map<String, Double> data() throws IOException, RejectionException {
    ParquetTable dataset = artifacts.table(card.artifact(StageIds.DATA_PIPELINE, "dataset"));
    ParquetTable answers = artifacts.table(card.artifact(StageIds.DATA_PIPELINE, "holdout-labels"));
    Map<String, Double> found = new TreeMap<>();
    found.put("holdout", (double) answers.rows());
    if (card.isRetrain()) {
      retrained(dataset, found);
      return found;
    }
    found.put("entities", (double) dataset.rows());
    found.put("quarantined", rows("quarantine"));
    if (card.find(StageIds.DATA_PIPELINE, "events").isPresent()) {
      found.put("events", rows("events"));
    }
    double[] label = dataset.numbers("label");
    double[] held = answers.numbers("label");
    double positives =
        IntStream.range(0, label.length).filter(i -> label[i] == 1).count()
            + IntStream.range(0, held.length).filter(i -> held[i] == 1).count();
    long labelled = IntStream.range(0, label.length).filter(i -> !Double.isNaN(label[i])).count();
    found.put("prevalence", positives / (labelled + held.length));
    return found;
  }

  /** The rows by where they are from; the rest only the retrain's own description tells. */
  private void retrained(ParquetTable dataset, Map<String, Double> found)
      throws IOException, RejectionException {
    double[] holdout = dataset.numbers("holdout");
    @Nullable String[] keys = dataset.texts("entity_key");
    long training = IntStream.range(0, keys.length).filter(i -> holdout[i] == 0).count();
    long feedback =
        IntStream.range(0, keys.length)
            .filter(i -> holdout[i] == 0 && String.valueOf(keys[i]).startsWith("prediction/"))
            .count();
    JsonNode told =
        artifacts
            .json(card.artifact(StageIds.DATA_PIPELINE, "feedback-description"))
            .path("figures");
    Map.of(
            "original_rows_left_out", "originalRowsLeftOut",
            "feedback_rows_left_out", "feedbackRowsLeftOut",
            "repeated_rows", "repeatedRows",
            "rows_of_unknown_entities", "unknownEntities",
            "rows_later_than_parent", "laterThanParent")
        .forEach((name, key) -> found.put(name, told.path(key).asDouble(Double.NaN)));
    found.put("feedback_rows", (double) feedback);
    found.put("original_rows", (double) (training - feedback));
  }

  private double rows(String role) throws IOException, RejectionException {
    return artifacts.table(card.artifact(StageIds.DATA_PIPELINE, role)).rows();
  }

  private Map<String, Double> features() throws IOException, RejectionException {
    Map<String, Double> found = new TreeMap<>();
    ParquetTable features =
        artifacts.table(card.artifact(StageIds.FEATURE_ENGINEERING, "features"));
    found.put(
        "candidates",
        (double)
            features.columns().stream()
                .filter(column -> !BOOKKEEPING.contains(column.name()))
                .count());
    Optional<ArtifactRef> imports = card.find(StageIds.FEATURE_ENGINEERING, "imports");
    if (imports.isPresent() && !card.isRetrain()) {
      long imported = 0;
      double matched = 1;
      for (JsonNode one : artifacts.json(imports.get())) {
        imported += one.path("columns").size();
        double entities = one.path("entities").asDouble(0);
        matched = Math.min(matched, entities == 0 ? 0 : one.path("matched").asDouble(0) / entities);
      }
      found.put("imported", (double) imported);
      found.put("matched_share", matched);
    }
    return found;
  }

  private static String subject(String stage) {
    return "metric " + ReadCard.SECTIONS.get(stage);
  }
}
