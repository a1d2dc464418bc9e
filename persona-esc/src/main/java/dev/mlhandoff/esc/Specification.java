package dev.mlhandoff.esc;

import dev.mlhandoff.esc.training.ExperimentReport;
import dev.mlhandoff.esc.training.LeaderboardEntry;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * ESC's specification: who did the work, by which rules, and what came of it.
 *
 * @param persona the declarative definition
 * @param validation how models were judged
 * @param selectionRule how one was chosen
 * @param report what was found
 */
record Specification(
    JsonNode persona, String validation, String selectionRule, ExperimentReport report) {

  static Specification of(ExperimentReport report) {
    return new Specification(
        Persona.definition(),
        "stratified %d-fold cross-validation, the feature pipeline fitted inside each fold"
            .formatted(report.folds()),
        "the simplest family whose mean AUC-ROC is within one standard error of the best",
        report);
  }

  String markdown(String summary) {
    StringBuilder text = new StringBuilder("# Experiment report\n\n" + summary + "\n\n");
    text.append(
        "| trial | mean AUC | spread | fold AUC | AP | precision@k | recall | F1 | Brier |\n");
    text.append("|---|---|---|---|---|---|---|---|---|\n");
    report.leaderboard().forEach(trial -> text.append(row(trial)));
    text.append(
        """

        Judged by %s. Selected: %s. Precision is taken at the highest-scoring %.3g of the rows.

        The decision threshold is %.4f (%s); the calibration error is %.4f. The best single \
        feature alone ranks with an AUC-ROC of %.4f.

        ## Leak canaries

        A shuffled target scores %.4f, %.1f standard errors from 0.5. %s
        """
            .formatted(
                validation,
                selectionRule,
                report.precisionAtK(),
                report.threshold(),
                report.thresholdRule(),
                report.calibrationError(),
                report.bestSingleFeatureAuc(),
                report.shuffledAuc(),
                Math.abs(report.shuffledAuc() - 0.5) / report.shuffledStandardError(),
                report.suspiciousFeatures().isEmpty()
                    ? "No single feature scores above 0.99."
                    : "Alarm, scoring above 0.99 alone: "
                        + String.join(", ", report.suspiciousFeatures())
                        + "."));
    return text.toString();
  }

  private static String row(LeaderboardEntry trial) {
    if (!trial.completed()) {
      return "| %s | failed: %s | | | | | | | |\n".formatted(trial.id(), trial.reason());
    }
    StringBuilder row =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "| %s | %.4f | %.4f | %s |",
                trial.id(),
                trial.meanAuc(),
                trial.spread(),
                String.join(
                    " ", trial.foldAuc().stream().map(auc -> "%.4f".formatted(auc)).toList())));
    for (String metric :
        new String[] {"average_precision", "precision_at_k", "recall", "f1", "brier"}) {
      row.append(" %.4f |".formatted(trial.metrics().getOrDefault(metric, Double.NaN)));
    }
    return row.append('\n').toString();
  }
}
