package dev.mlhandoff.messages;

import java.util.List;

/**
 * What the project asks of features, training and serving.
 *
 * @param topFeatures how many features selection may keep, 1 to 1000
 * @param folds number of stratified cross-validation folds, 2 to 20
 * @param precisionAtK the k of precision@k, as a share of the rows in (0, 1]
 * @param models model families to train, by their names
 * @param latencyTargetMs 99th percentile of the single-row prediction latency, in milliseconds
 */
public record Requirements(
    int topFeatures, int folds, double precisionAtK, List<String> models, int latencyTargetMs) {

  /** The figures of the reference scenario. */
  public static final Requirements DEFAULT =
      new Requirements(
          50, 5, 0.1, List.of("logistic_regression", "random_forest", "gradient_boosting"), 100);

  public Requirements {
    models = List.copyOf(models);
  }
}
