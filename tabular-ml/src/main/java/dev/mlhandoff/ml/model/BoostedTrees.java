package dev.mlhandoff.ml.model;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** Ensembles of trees (XGBoost): boosted one after the other, or a forest grown at once. */
final class BoostedTrees implements ModelFamily {

  private final String name;
  private final boolean forest;

  private BoostedTrees(String name, boolean forest) {
    this.name = name;
    this.forest = forest;
  }

  static ModelFamily gradientBoosting() {
    return new BoostedTrees("gradient_boosting", false);
  }

  static ModelFamily randomForest() {
    return new BoostedTrees("random_forest", true);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public SortedMap<String, Double> defaults() {
    return forest
        ? Parameters.of(Map.of("trees", 150.0, "depth", 9.0, "leaf", 5.0, "columns", 0.4))
        : Parameters.of(
            Map.of("trees", 150.0, "depth", 3.0, "leaf", 5.0, "columns", 0.7, "rate", 0.06));
  }

  @Override
  public SortedMap<String, Range> space() {
    return forest
        ? new TreeMap<>(
            Map.of(
                "depth", Range.whole(4, 14),
                "leaf", Range.logarithmic(1, 100),
                "columns", Range.linear(0.15, 0.8)))
        : new TreeMap<>(
            Map.of(
                "trees", Range.wholeLogarithmic(50, 400),
                "depth", Range.whole(2, 6),
                "rate", Range.logarithmic(0.01, 0.2),
                "leaf", Range.logarithmic(1, 100),
                "columns", Range.linear(0.25, 1)));
  }

  @Override
  public String importanceMethod() {
    return "total gain of the splits on the feature";
  }

  @Override
  public Model train(
      float[][] rows, int[] labels, SortedMap<String, Double> parameters, long seed) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("objective", "binary:logistic");
    settings.put("tree_method", "hist");
    settings.put("nthread", 1);
    settings.put("seed", (int) (seed & Integer.MAX_VALUE));
    settings.put("verbosity", 0);
    settings.put("max_depth", (int) Parameters.get(parameters, "depth"));
    settings.put("min_child_weight", Parameters.get(parameters, "leaf"));
    int trees = (int) Parameters.get(parameters, "trees");
    int rounds = trees;
    if (forest) {
      settings.put("num_parallel_tree", trees);
      settings.put("colsample_bynode", Parameters.get(parameters, "columns"));
      settings.put("subsample", 0.632);
      settings.put("learning_rate", 1.0);
      settings.put("lambda", 1e-5);
      rounds = 1;
    } else {
      settings.put("colsample_bytree", Parameters.get(parameters, "columns"));
      settings.put("subsample", 0.8);
      settings.put("learning_rate", Parameters.get(parameters, "rate"));
    }
    try {
      DMatrix data = matrix(rows);
      try {
        float[] targets = new float[labels.length];
        for (int i = 0; i < labels.length; i++) {
          targets[i] = labels[i];
        }
        data.setLabel(targets);
        return new Trees(XGBoost.train(data, settings, rounds, new HashMap<>(), null, null));
      } finally {
        data.dispose();
      }
    } catch (XGBoostError e) {
      throw new IllegalStateException("training failed: " + e.getMessage(), e);
    }
  }

  @Override
  public Model read(byte[] content) {
    try {
      Booster booster = XGBoost.loadModel(new ByteArrayInputStream(content));
      booster.setParam("nthread", 1);
      return new Trees(booster);
    } catch (XGBoostError e) {
      throw new IllegalStateException("not a tree model: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DMatrix matrix(float[][] rows) throws XGBoostError {
    int width = rows[0].length;
    float[] flat = new float[rows.length * width];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, flat, i * width, width);
    }
    return new DMatrix(flat, rows.length, width, Float.NaN);
  }

  /**
   * The library frees a booster that nothing reaches any more, which may be while its last call is
   * still in native code: every call therefore ends in a reachability fence.
   */
  private record Trees(Booster booster) implements Model {

    @Override
    public double[] probabilities(float[][] rows) {
      try {
        DMatrix data = matrix(rows);
        try {
          float[][] predicted = booster.predict(data);
          double[] probabilities = new double[rows.length];
          for (int i = 0; i < rows.length; i++) {
            probabilities[i] = predicted[i][0];
          }
          return probabilities;
        } finally {
          data.dispose();
          Reference.reachabilityFence(booster);
        }
      } catch (XGBoostError e) {
        throw new IllegalStateException("scoring failed: " + e.getMessage(), e);
      }
    }

    @Override
    public double[] contributions(float[] row) {
      try {
        DMatrix data = matrix(new float[][] {row});
        try {
          float[] found = booster.predictContrib(data, 0)[0];
          double[] contributions = new double[found.length];
          for (int j = 0; j < found.length; j++) {
            contributions[j] = found[j];
          }
          return contributions;
        } finally {
          data.dispose();
          Reference.reachabilityFence(booster);
        }
      } catch (XGBoostError e) {
        throw new IllegalStateException("no contributions: " + e.getMessage(), e);
      }
    }

    @Override
    public double[] importance(int width) {
      try {
        double[] importance = new double[width];
        // Columns without a name are called f0, f1 and so on; unused ones are left out.
        booster
            .getScore("", "total_gain")
            .forEach((name, gain) -> importance[Integer.parseInt(name.substring(1))] = gain);
        return importance;
      } catch (XGBoostError e) {
        throw new IllegalStateException("no importance: " + e.getMessage(), e);
      } finally {
        Reference.reachabilityFence(booster);
      }
    }

    @Override
    public byte[] toBytes() {
      try {
        return booster.toByteArray("ubj");
      } catch (XGBoostError e) {
        throw new IllegalStateException("the model cannot be written: " + e.getMessage(), e);
      } finally {
        Reference.reachabilityFence(booster);
      }
    }
  }
}
