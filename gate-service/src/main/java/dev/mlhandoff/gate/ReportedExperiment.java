package dev.mlhandoff.gate;

import dev.mlhandoff.messages.StageIds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * What the audit reads in the experiment report.
 *
 * @param selected id of the selected trial
 * @param family of its model
 * @param foldAuc its AUC-ROC on each fold, as claimed
 * @param hasSeed whether the report names the seed
 * @param shuffledAuc AUC-ROC on a shuffled target; NaN if it is missing
 * @param shuffledStandardError of an AUC of 0.5; NaN if it is missing
 * @param alarms messages of those leak alarms that the audit does not look for again
 */
record ReportedExperiment(
    String selected,
    String family,
    SortedMap<String, Double> parameters,
    List<Double> foldAuc,
    boolean hasSeed,
    double shuffledAuc,
    double shuffledStandardError,
    List<String> alarms) {

  /**
   * Reads the report of the attempt that passed.
   *
   * @throws EvidenceMismatchException if it is not there, or selects what it does not list
   */
  static ReportedExperiment read(ArtifactReader artifacts)
      throws IOException, EvidenceMismatchException {
    JsonNode report = artifacts.json(StageIds.TRAINING, "experiment-report");
    String selected = report.path("selected").asString("");
    JsonNode trial = trial(report, selected);
    SortedMap<String, Double> parameters = new TreeMap<>();
    trial.path("parameters").forEachEntry((name, value) -> parameters.put(name, value.asDouble()));
    List<Double> foldAuc = new ArrayList<>();
    trial.path("foldAuc").forEach(auc -> foldAuc.add(auc.asDouble(Double.NaN)));
    return new ReportedExperiment(
        selected,
        trial.path("family").asString(""),
        parameters,
        foldAuc,
        report.path("seed").isNumber(),
        report.path("shuffledAuc").asDouble(Double.NaN),
        report.path("shuffledStandardError").asDouble(Double.NaN),
        otherAlarms(report));
  }

  /** What the selected trial is said to have reached on a fold; NaN if nothing is said. */
  double claimed(int fold) {
    return fold < foldAuc.size() ? foldAuc.get(fold) : Double.NaN;
  }

  private static JsonNode trial(JsonNode report, String selected) throws EvidenceMismatchException {
    for (JsonNode trial : report.path("leaderboard")) {
      if (trial.path("id").asString("").equals(selected)) {
        return trial;
      }
    }
    throw new EvidenceMismatchException("the selected trial is not on the leaderboard");
  }

  private static List<String> otherAlarms(JsonNode report) {
    List<String> messages = new ArrayList<>();
    for (JsonNode alarm : report.path("alarms")) {
      String canary = alarm.path("canary").asString("");
      if (!canary.equals("single_feature") && !canary.equals("shuffled_target")) {
        messages.add(alarm.path("message").asString(canary));
      }
    }
    return messages;
  }
}
