package dev.mlhandoff.ml.model;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.FeatureNode;
import de.bwaldvogel.liblinear.Linear;
import de.bwaldvogel.liblinear.Parameter;
import de.bwaldvogel.liblinear.Problem;
import de.bwaldvogel.liblinear.SolverType;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** L2-regularised logistic regression (LIBLINEAR, primal). */
final class LogisticRegression implements ModelFamily {

  private static final double TOLERANCE = 1e-4;

  static {
    // The library prints every iteration on standard output otherwise.
    Linear.disableDebugOutput();
  }

  @Override
  public String name() {
    return ModelFamilies.BASELINE;
  }

  @Override
  public SortedMap<String, Double> defaults() {
    return Parameters.of(Map.of("cost", 1.0));
  }

  @Override
  public SortedMap<String, Range> space() {
    return new TreeMap<>(Map.of("cost", Range.logarithmic(0.0005, 20)));
  }

  @Override
  public String importanceMethod() {
    return "absolute weight of the standardised feature";
  }

  @Override
  public Model train(
      float[][] rows, int[] labels, SortedMap<String, Double> parameters, long seed) {
    int width = rows[0].length;
    Problem problem = new Problem();
    problem.l = rows.length;
    problem.n = width + 1;
    problem.bias = 1;
    problem.x = new Feature[rows.length][];
    problem.y = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      Feature[] features = new Feature[width + 1];
      for (int j = 0; j < width; j++) {
        features[j] = new FeatureNode(j + 1, rows[i][j]);
      }
      features[width] = new FeatureNode(width + 1, 1);
      problem.x[i] = features;
      problem.y[i] = labels[i];
    }
    Parameter parameter =
        new Parameter(SolverType.L2R_LR, Parameters.get(parameters, "cost"), TOLERANCE);
    parameter.setRandom(new Random(seed));
    var trained = Linear.train(problem, parameter);
    double[] weights = trained.getFeatureWeights().clone();
    if (trained.getLabels()[0] != 1) {
      for (int j = 0; j < weights.length; j++) {
        weights[j] = -weights[j];
      }
    }
    return new Weights(weights);
  }

  @Override
  public Model read(byte[] content) {
    ByteBuffer buffer = ByteBuffer.wrap(content);
    double[] weights = new double[content.length / Double.BYTES];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = buffer.getDouble();
    }
    return new Weights(weights);
  }

  /** One weight a column, and the bias last. */
  @SuppressWarnings("ArrayRecordComponent") // private, and never compared
  private record Weights(double[] weights) implements Model {

    @Override
    public double[] probabilities(float[][] rows) {
      double[] probabilities = new double[rows.length];
      for (int i = 0; i < rows.length; i++) {
        double sum = weights[weights.length - 1];
        for (int j = 0; j < weights.length - 1; j++) {
          sum += weights[j] * rows[i][j];
        }
        probabilities[i] = 1 / (1 + Math.exp(-sum));
      }
      return probabilities;
    }

    @Override
    public double[] contributions(float[] row) {
      double[] contributions = weights.clone();
      for (int j = 0; j < weights.length - 1; j++) {
        contributions[j] *= row[j];
      }
      return contributions;
    }

    @Override
    public double[] importance(int width) {
      double[] importance = new double[width];
      for (int j = 0; j < width; j++) {
        importance[j] = Math.abs(weights[j]);
      }
      return importance;
    }

    @Override
    public byte[] toBytes() {
      ByteBuffer buffer = ByteBuffer.allocate(weights.length * Double.BYTES);
      for (double weight : weights) {
        buffer.putDouble(weight);
      }
      return buffer.array();
    }
  }
}
