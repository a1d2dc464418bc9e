package dev.mlhandoff.ml.metrics;

import java.util.List;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The corrected resampled t-test for two learners on the same folds (Nadeau and Bengio 2003): the
 * variance is widened because the training parts of folds overlap.
 *
 * @param difference mean of first minus second over the folds
 * @param standardError corrected standard error of that mean
 * @param lower lower end of its 95 % interval
 * @param upper upper end
 * @param pValue two-sided
 */
public record ResampledTest(
    double difference, double standardError, double lower, double upper, double pValue) {

  /**
   * Compares fold by fold.
   *
   * @param first a metric of the first learner on each fold
   * @param second the same of the second, in the same order; at least two folds
   */
  public static ResampledTest of(List<Double> first, List<Double> second) {
    int folds = first.size();
    if (folds < 2 || second.size() != folds) {
      throw new IllegalArgumentException("needs the same two or more folds of both");
    }
    double[] differences = new double[folds];
    double mean = 0;
    for (int f = 0; f < folds; f++) {
      differences[f] = first.get(f) - second.get(f);
      mean += differences[f] / folds;
    }
    double squares = 0;
    for (double value : differences) {
      squares += (value - mean) * (value - mean);
    }
    double variance = squares / (folds - 1);
    // Of k folds, the scored part is 1 / (k - 1) of the part that was trained on.
    double error = Math.sqrt((1.0 / folds + 1.0 / (folds - 1)) * variance);
    TDistribution student = TDistribution.of(folds - 1);
    double reach = student.inverseSurvivalProbability(0.025) * error;
    double pValue =
        error == 0 ? (mean == 0 ? 1 : 0) : 2 * student.survivalProbability(Math.abs(mean) / error);
    return new ResampledTest(mean, error, mean - reach, mean + reach, Math.min(1, pValue));
  }
}
