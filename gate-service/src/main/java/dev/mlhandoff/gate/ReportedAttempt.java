package dev.mlhandoff.gate;

import dev.mlhandoff.data.ParquetTable;
import dev.mlhandoff.gate.quality.Evidence;
import dev.mlhandoff.gate.quality.ReportFigures;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.ml.bundle.ModelBundle;
import dev.mlhandoff.ml.pipeline.FittedFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An attempt as training reported it, beside what its artifacts give.
 *
 * @param evidence read again from the artifacts, with the labels of the data pipeline
 * @param figures how many figures were compared
 * @param mismatches a sentence for each item of the report that is missing or not true
 */
record ReportedAttempt(
    Evidence evidence, ModelBundle bundle, int figures, List<String> mismatches) {

  /**
   * Reads the attempt again.
   *
   * @throws EvidenceMismatchException if there is too little to compare anything
   */
  static ReportedAttempt read(StageHandoff handoff, ArtifactReader artifacts)
      throws IOException, EvidenceMismatchException {
    JsonNode report = artifacts.json(StageIds.TRAINING, "experiment-report");
    ParquetTable predictions = artifacts.table(StageIds.TRAINING, "oof-predictions");
    ParquetTable dataset = artifacts.table(StageIds.DATA_PIPELINE, "dataset");
    ModelBundle bundle = artifacts.bundle(StageIds.TRAINING, "model-bundle");
    try {
      Evidence evidence = evidence(report, predictions, dataset);
      SortedMap<String, Double> found =
          ReportFigures.of(evidence, handoff.request().requirements().precisionAtK());
      found.put("/attempt", (double) handoff.attempt());
      found.put("/seed", (double) handoff.request().seed());
      List<String> mismatches = new ArrayList<>(ReportFigures.mismatches(claims(report), found));
      compareModel(report, evidence.selected(), bundle, mismatches);
      return new ReportedAttempt(evidence, bundle, found.size(), mismatches);
    } catch (IllegalArgumentException e) {
      // A column that is missing, or scores that are no numbers.
      throw new EvidenceMismatchException(String.valueOf(e.getMessage()), e);
    }
  }

  /** The model that would be served is the one the report selects. */
  private static void compareModel(
      JsonNode report, String selected, ModelBundle bundle, List<String> mismatches) {
    List<String> claimed = new ArrayList<>();
    report.path("features").forEach(name -> claimed.add(name.asString("")));
    List<String> found =
        bundle.description().pipeline().features().stream().map(FittedFeature::name).toList();
    if (!claimed.equals(found)) {
      mismatches.add("the report names other features than the model has");
    }
    String family = trial(report, selected).path("family").asString("");
    if (!family.equals(bundle.description().family())) {
      mismatches.add(
          "the report selects a %s, the model is a %s"
              .formatted(family, bundle.description().family()));
    }
    double threshold = report.path("threshold").asDouble(Double.NaN);
    if (threshold != bundle.threshold()) {
      mismatches.add("the model decides at another threshold than the report says");
    }
  }

  private static JsonNode trial(JsonNode report, String id) {
    for (JsonNode trial : report.path("leaderboard")) {
      if (trial.path("id").asString("").equals(id)) {
        return trial;
      }
    }
    throw new IllegalArgumentException("the report selects a trial that is not on its leaderboard");
  }

  /** Every number of the report by where it stands; trials stand under their ids. */
  private static Map<String, Double> claims(JsonNode report) {
    Map<String, Double> claims = new TreeMap<>();
    collect(report, "", claims);
    return claims;
  }

  private static void collect(JsonNode node, String at, Map<String, Double> claims) {
    if (node.isNumber()) {
      claims.put(at, node.asDouble());
    } else if (node.isObject()) {
      node.forEachEntry((name, value) -> collect(value, at + "/" + name, claims));
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        String name = node.get(i).path("id").asString(String.valueOf(i));
        collect(node.get(i), at + "/" + name, claims);
      }
    }
  }

  /** Predictions of training, with labels and folds from the data pipeline. */
  private static Evidence evidence(JsonNode report, ParquetTable predictions, ParquetTable dataset)
      throws EvidenceMismatchException {
    Map<String, Integer> rowOf = new HashMap<>();
    @Nullable String[] keys = dataset.texts("entity_key");
    double[] holdout = dataset.numbers("holdout");
    for (int i = 0; i < keys.length; i++) {
      if (holdout[i] == 0) {
        rowOf.put(String.valueOf(keys[i]), i);
      }
    }
    int training = rowOf.size();
    @Nullable String[] predicted = predictions.texts("entity_key");
    double[] label = dataset.numbers("label");
    double[] folds = dataset.numbers("fold");
    int[] labels = new int[predicted.length];
    int[] fold = new int[predicted.length];
    for (int i = 0; i < predicted.length; i++) {
      Integer row = rowOf.remove(String.valueOf(predicted[i]));
      if (row == null) {
        throw new EvidenceMismatchException("a prediction is of no entity of the training part");
      }
      labels[i] = (int) label[row];
      fold[i] = (int) folds[row];
    }
    if (predicted.length != training) {
      throw new EvidenceMismatchException(
          "%d of %d entities of the training part have predictions"
              .formatted(predicted.length, training));
    }
    SortedMap<String, double[]> trials = new TreeMap<>();
    for (JsonNode trial : report.path("leaderboard")) {
      // A trial that failed is listed without results.
      if (!trial.path("foldAuc").isEmpty()) {
        String id = trial.path("id").asString("");
        trials.put(id, predictions.numbers(id));
      }
    }
    return new Evidence(
        trials,
        report.path("selected").asString(""),
        predictions.numbers("calibrated"),
        predictions.numbers("single_feature"),
        labels,
        fold);
  }
}
