package dev.mlhandoff.esc.training;

import dev.mlhandoff.ml.metrics.Classification;
import dev.mlhandoff.ml.metrics.RocAuc;
import dev.mlhandoff.ml.model.Model;
import dev.mlhandoff.ml.model.ModelFamilies;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * What one configuration reached on one fold.
 *
 * @param scores probabilities of the fold's rows, in their order
 * @param metrics of those rows, by name
 * @param trainingMs time of training alone
 * @param predictionMicros median time of a single-row prediction
 */
@SuppressWarnings("ArrayRecordComponent") // a large column, never compared
public record FoldScore(
    double[] scores,
    SortedMap<String, Double> metrics,
    double trainingMs,
    double predictionMicros) {

  private static final int WARM_UP = 20;
  private static final int TIMED = 101;

  /**
   * Trains on one thread and scores the fold.
   *
   * @param precisionAtK k as a share of the rows
   * @param nanoTime a clock for the two timings; nothing else depends on it
   */
  public static FoldScore of(
      FoldInput input,
      int[] validationLabels,
      Configuration configuration,
      double precisionAtK,
      long seed,
      LongSupplier nanoTime) {
    long start = nanoTime.getAsLong();
    Model model =
        ModelFamilies.named(configuration.family())
            .train(input.training(), input.trainingLabels(), configuration.parameters(), seed);
    double trainingMs = (nanoTime.getAsLong() - start) / 1e6;
    double[] scores = model.probabilities(input.validation());
    SortedMap<String, Double> metrics = new TreeMap<>();
    metrics.put("auc_roc", RocAuc.of(scores, validationLabels));
    metrics.put("average_precision", Classification.averagePrecision(scores, validationLabels));
    metrics.put(
        "precision_at_k", Classification.precisionAtK(scores, validationLabels, precisionAtK));
    metrics.put("brier", Classification.brier(scores, validationLabels));
    // Not a number is no JSON number either: a fold with one class has no AUC.
    metrics.values().removeIf(value -> !Double.isFinite(value));
    return new FoldScore(scores, metrics, trainingMs, singleRow(model, input, nanoTime));
  }

  private static double singleRow(Model model, FoldInput input, LongSupplier nanoTime) {
    long[] times = new long[TIMED];
    for (int i = -WARM_UP; i < TIMED; i++) {
      float[][] row = {input.validation()[Math.floorMod(i, input.validation().length)]};
      long start = nanoTime.getAsLong();
      model.probabilities(row);
      if (i >= 0) {
        times[i] = nanoTime.getAsLong() - start;
      }
    }
    Arrays.sort(times);
    return times[TIMED / 2] / 1e3;
  }
}
