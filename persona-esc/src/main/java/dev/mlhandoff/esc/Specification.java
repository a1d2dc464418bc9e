package dev.mlhandoff.esc;

import dev.mlhandoff.esc.training.Effort;
import dev.mlhandoff.esc.training.ExperimentReport;
import dev.mlhandoff.esc.training.LeaderboardEntry;
import dev.mlhandoff.esc.training.LeakAlarm;
import dev.mlhandoff.esc.training.LearningCurve;
import dev.mlhandoff.ml.metrics.Bootstrap;
import dev.mlhandoff.ml.metrics.ResampledTest;
import dev.mlhandoff.runtime.Persona;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * ESC's specification: who did the work, by which rules, and what came of it.
 *
 * @param persona the declarative definition
 * @param validation how models were judged
 * @param selectionRule how one was chosen
 * @param report what was found
 */
record Specification(
    Persona persona, String validation, String selectionRule, ExperimentReport report) {

  private static final int SHOWN_FEATURES = 20;

  static Specification of(ExperimentReport report) {
    return new Specification(
        Persona.of("ESC"),
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

        Judged by %s. Selected: %s. Precision is taken at the highest-scoring %.3g of the rows. \
        Training and prediction times stand in the trials' metadata.

        The decision threshold is %.4f (%s; %s over the folds). Probabilities are calibrated by %s; \
        the calibration error is %.4f. The best single feature alone ranks with an AUC-ROC of %.4f.

        """
            .formatted(
                validation,
                selectionRule,
                report.precisionAtK(),
                report.threshold(),
                report.thresholdRule(),
                numbers(report.foldThresholds()),
                report.calibrator(),
                report.calibrationError(),
                report.bestSingleFeatureAuc()));
    text.append(intervals()).append(effort()).append(learningCurve()).append(importance());
    return text.append(canaries()).toString();
  }

  private String intervals() {
    StringBuilder text =
        new StringBuilder(
            """
            ## Intervals and comparisons

            AUC-ROC with 95 % bootstrap interval; Brier score and calibration error (10 bins of \
            equal mass) before and after cross-fitted calibration; F1 at cross-fitted thresholds; \
            mean difference of the fold AUCs with its 95 % interval by the corrected resampled \
            t-test (Nadeau and Bengio 2003).

            | trial | AUC-ROC | Brier | calibration error | F1 | against baseline | against best \
            single feature |
            |---|---|---|---|---|---|---|
            """);
    for (LeaderboardEntry entry : report.leaderboard()) {
      Bootstrap.Interval interval = entry.aucInterval();
      if (interval != null) {
        text.append(
            "| %s | %.4f (%.4f to %.4f) | %s | %s | %s | %s | %s |\n"
                .formatted(
                    entry.id(),
                    entry.metrics().getOrDefault("auc_roc", Double.NaN),
                    interval.lower(),
                    interval.upper(),
                    pair(entry, "brier"),
                    pair(entry, "ece"),
                    "%.4f".formatted(entry.metrics().getOrDefault("f1_cross_fitted", Double.NaN)),
                    difference(entry.againstBaseline()),
                    difference(entry.againstSingleFeature())));
      }
    }
    return text.append('\n').toString();
  }

  private static String pair(LeaderboardEntry entry, String metric) {
    return "%.4f, %.4f"
        .formatted(
            entry.metrics().getOrDefault(metric, Double.NaN),
            entry.metrics().getOrDefault(metric + "_calibrated", Double.NaN));
  }

  private static String difference(@Nullable ResampledTest test) {
    return test == null
        ? ""
        : "%+.4f (%+.4f to %+.4f, p = %.3g)"
            .formatted(test.difference(), test.lower(), test.upper(), test.pValue());
  }

  private String effort() {
    Effort effort = report.effort();
    if (effort.rounds() == 0 && !effort.stoppedBySeconds()) {
      return "";
    }
    return "The search took %d of %d trials in %d rounds%s%s.\n\n"
        .formatted(
            effort.searchTrials(),
            effort.trialBudget(),
            effort.rounds(),
            effort.learnedFrom().isEmpty()
                ? ""
                : ", beginning with what attempts " + effort.learnedFrom() + " found",
            effort.stoppedBySeconds()
                ? "; its time was over before its trials, so that another run may find otherwise"
                : "");
  }

  private String learningCurve() {
    StringBuilder text =
        new StringBuilder(
            "## Learning curve\n\n| rows trained on | mean AUC | spread |\n|---|---|---|\n");
    for (LearningCurve.Point point : report.learningCurve()) {
      text.append(
          "| %d | %.4f | %.4f |\n".formatted(point.rows(), point.meanAuc(), point.spread()));
    }
    return text.append('\n').toString();
  }

  private String importance() {
    StringBuilder text =
        new StringBuilder(
            """
            ## Feature importance

            Permutation: %s. Model: %s, as a share of all.

            | feature | permutation | model |
            |---|---|---|
            """
                .formatted(
                    report.importance().permutationMethod(), report.importance().modelMethod()));
    report.importance().features().stream()
        .limit(SHOWN_FEATURES)
        .forEach(
            feature ->
                text.append(
                    "| %s | %.4f | %.4f |\n"
                        .formatted(
                            feature.name().replace("|", "\\|"),
                            feature.permutation(),
                            feature.model())));
    return text.append('\n').toString();
  }

  private String canaries() {
    StringBuilder text =
        new StringBuilder(
            "## Leak canaries\n\nA shuffled target scores %.4f, %.1f standard errors from 0.5."
                .formatted(
                    report.shuffledAuc(),
                    Math.abs(report.shuffledAuc() - 0.5) / report.shuffledStandardError()));
    if (report.suspiciousFeatures().isEmpty()) {
      text.append(" No single feature scores above 0.99.");
    }
    for (LeakAlarm alarm : report.alarms()) {
      text.append(" Alarm: ").append(alarm.message());
      if (!alarm.sources().isEmpty()) {
        text.append(" (from ").append(String.join(", ", alarm.sources())).append(')');
      }
      text.append('.');
    }
    return text.append('\n').toString();
  }

  private static String numbers(List<Double> values) {
    return String.join(", ", values.stream().map(value -> "%.4f".formatted(value)).toList());
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
