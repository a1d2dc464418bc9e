package dev.mlhandoff.ml.interaction;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/**
 * Whether one more column would improve a logistic regression, without fitting it: Rao's score test
 * (Mathematical Proceedings of the Cambridge Philosophical Society 44, 1948), with the column's
 * part that the model explains taken out, so that it holds for the slightly penalised fit too.
 */
final class ScoreTest {

  /** Of columns with unit variance: enough for collinear and separating ones. */
  private static final double PENALTY = 1;

  /** Share of a column's variance below which the model has said it already. */
  private static final double EXPLAINED = 1e-3;

  private static final int STEPS = 25;
  private static final double TOLERANCE = 1e-8;
  private static final ChiSquaredDistribution CHI_SQUARED = ChiSquaredDistribution.of(1);

  private final double[][] columns;
  private final double[] coefficients;
  private final double[] residuals;
  private final double[] weights;
  private double[] gradient = {};
  private double[][] information = {};

  /**
   * Fits the model of the null hypothesis by Newton's method.
   *
   * @param columns with about unit variance; the intercept is added
   * @param labels 0 or 1
   */
  ScoreTest(List<double[]> columns, int[] labels) {
    double[] intercept = new double[labels.length];
    Arrays.fill(intercept, 1);
    this.columns = new double[columns.size() + 1][];
    this.columns[0] = intercept;
    for (int j = 0; j < columns.size(); j++) {
      this.columns[j + 1] = columns.get(j);
    }
    this.coefficients = new double[this.columns.length];
    this.residuals = new double[labels.length];
    this.weights = new double[labels.length];
    double step = Double.MAX_VALUE;
    for (int i = 0; i < STEPS && step > TOLERANCE; i++) {
      evaluate(labels);
      step = 0;
      double[] change = penalised().solve(penalisedGradient());
      for (int j = 0; j < change.length; j++) {
        coefficients[j] += change[j];
        step = Math.max(step, Math.abs(change[j]));
      }
    }
    evaluate(labels);
    this.factor = penalised();
  }

  private final Cholesky factor;

  /** Probability of as strong a contribution or a stronger one by chance. */
  double pValue(double[] column) {
    double[] weighted = new double[column.length];
    for (int i = 0; i < column.length; i++) {
      weighted[i] = weights[i] * column[i];
    }
    double[] shared = new double[columns.length];
    for (int j = 0; j < shared.length; j++) {
      shared[j] = dot(columns[j], weighted);
    }
    double[] explained = factor.solve(shared);
    double score = dot(column, residuals) - dot(explained, gradient);
    double all = dot(column, weighted);
    double variance = all - 2 * dot(explained, shared);
    for (int j = 0; j < shared.length; j++) {
      for (int k = 0; k < shared.length; k++) {
        variance += explained[j] * explained[k] * information[Math.max(j, k)][Math.min(j, k)];
      }
    }
    return variance <= EXPLAINED * all
        ? 1
        : CHI_SQUARED.survivalProbability(score * score / variance);
  }

  private void evaluate(int[] labels) {
    for (int i = 0; i < labels.length; i++) {
      double sum = 0;
      for (int j = 0; j < columns.length; j++) {
        sum += coefficients[j] * columns[j][i];
      }
      double probability = 1 / (1 + Math.exp(-sum));
      residuals[i] = labels[i] - probability;
      weights[i] = probability * (1 - probability);
    }
    gradient = new double[columns.length];
    information = new double[columns.length][columns.length];
    double[] weighted = new double[labels.length];
    for (int j = 0; j < columns.length; j++) {
      gradient[j] = dot(columns[j], residuals);
      for (int i = 0; i < weighted.length; i++) {
        weighted[i] = weights[i] * columns[j][i];
      }
      for (int k = 0; k <= j; k++) {
        information[j][k] = dot(columns[k], weighted);
      }
    }
  }

  private Cholesky penalised() {
    double[][] matrix = new double[information.length][];
    for (int j = 0; j < matrix.length; j++) {
      matrix[j] = information[j].clone();
      matrix[j][j] += penalty(j);
    }
    return Cholesky.of(matrix);
  }

  private double[] penalisedGradient() {
    double[] penalised = gradient.clone();
    for (int j = 0; j < penalised.length; j++) {
      penalised[j] -= penalty(j) * coefficients[j];
    }
    return penalised;
  }

  private static double penalty(int column) {
    return column == 0 ? 1e-6 : PENALTY;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
