package dev.mlhandoff.esc.training;

import java.util.List;

/**
 * What an attempt found. The gate computes every figure of it again.
 *
 * @param leaderboard best mean AUC first, failed configurations last
 * @param selected id of the chosen trial
 * @param justification sentences computed from the leaderboard
 * @param threshold decision threshold on the calibrated probability
 * @param thresholdRule how the threshold was chosen
 * @param calibrationError of the cross-fitted calibrated probabilities, 10 bins of equal mass
 * @param shuffledAuc AUC of the baseline on a shuffled target; must be near 0.5
 * @param shuffledStandardError of an AUC of 0.5 at this size
 * @param suspiciousFeatures single features that alone score above 0.99
 * @param features the columns of the final model, in their order
 * @param effort what was spent on finding configurations
 * @param calibrator how probabilities are calibrated
 * @param foldThresholds the threshold of each fold, chosen by the other folds' rows
 * @param learningCurve of the selected configuration, the smallest share of the rows first
 * @param importance of the final model's features
 * @param alarms of the leak canaries; the run goes on with them
 */
public record ExperimentReport(
    int attempt,
    long seed,
    int rows,
    int folds,
    double precisionAtK,
    List<LeaderboardEntry> leaderboard,
    String selected,
    List<String> justification,
    double threshold,
    String thresholdRule,
    double calibrationError,
    double bestSingleFeatureAuc,
    double shuffledAuc,
    double shuffledStandardError,
    List<String> suspiciousFeatures,
    List<String> features,
    Effort effort,
    String calibrator,
    List<Double> foldThresholds,
    List<LearningCurve.Point> learningCurve,
    Importance importance,
    List<LeakAlarm> alarms) {}
