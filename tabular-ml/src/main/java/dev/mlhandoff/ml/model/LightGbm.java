package dev.mlhandoff.ml.model;

import com.microsoft.ml.lightgbm.PredictionType;
import io.github.metarank.lightgbm4j.LGBMBooster;
import io.github.metarank.lightgbm4j.LGBMBooster.FeatureImportanceType;
import io.github.metarank.lightgbm4j.LGBMDataset;
import io.github.metarank.lightgbm4j.LGBMException;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Trees grown leaf by leaf (LightGBM), boosted one after the other. */
final class LightGbm implements ModelFamily {

  private static final Cleaner CLEANER = Cleaner.create();
  private static final String ONE_THREAD = "num_threads=1";

  @Override
  public String name() {
    return "lightgbm";
  }

  @Override
  public SortedMap<String, Double> defaults() {
    return Parameters.of(
        Map.of("trees", 150.0, "leaves", 8.0, "leaf", 40.0, "columns", 0.7, "rate", 0.05));
  }

  @Override
  public SortedMap<String, Range> space() {
    return new TreeMap<>(
        Map.of(
            "trees", Range.wholeLogarithmic(50, 400),
            "leaves", Range.wholeLogarithmic(4, 64),
            "rate", Range.logarithmic(0.01, 0.2),
            "leaf", Range.wholeLogarithmic(5, 200),
            "columns", Range.linear(0.25, 1)));
  }

  @Override
  public String importanceMethod() {
    return "total gain of the splits on the feature";
  }

  @Override
  public Model train(
      float[][] rows, int[] labels, SortedMap<String, Double> parameters, long seed) {
    loadNative();
    String settings =
        String.format(
            Locale.ROOT,
            "objective=binary verbosity=-1 deterministic=true force_row_wise=true %s seed=%d"
                + " num_leaves=%d min_data_in_leaf=%d feature_fraction=%s learning_rate=%s"
                + " bagging_fraction=0.8 bagging_freq=1",
            ONE_THREAD,
            seed & Integer.MAX_VALUE,
            (int) Parameters.get(parameters, "leaves"),
            (int) Parameters.get(parameters, "leaf"),
            Parameters.get(parameters, "columns"),
            Parameters.get(parameters, "rate"));
    float[] targets = new float[labels.length];
    for (int i = 0; i < labels.length; i++) {
      targets[i] = labels[i];
    }
    try (LGBMDataset data =
        LGBMDataset.createFromMat(flat(rows), rows.length, rows[0].length, true, settings, null)) {
      data.setField("label", targets);
      LGBMBooster booster = LGBMBooster.create(data, settings);
      int trees = (int) Parameters.get(parameters, "trees");
      for (int i = 0; i < trees && !booster.updateOneIter(); i++) {
        // An iteration that found nothing to split ends the training.
      }
      // What is read back later must be what is used now, to the last digit.
      byte[] content = write(booster);
      booster.close();
      return read(content);
    } catch (LGBMException e) {
      throw new IllegalStateException("training failed: " + e.getMessage(), e);
    }
  }

  @Override
  public Model read(byte[] content) {
    loadNative();
    try {
      return new Trees(
          LGBMBooster.loadModelFromString(new String(content, StandardCharsets.UTF_8)));
    } catch (LGBMException e) {
      throw new IllegalStateException("not a LightGBM model: " + e.getMessage(), e);
    }
  }

  private static void loadNative() {
    try {
      LGBMBooster.loadNative();
    } catch (IOException | LinkageError e) {
      // One family that this platform lacks is no reason for the whole service to stop.
      throw new IllegalStateException("LightGBM does not run here: " + e.getMessage(), e);
    }
  }

  private static byte[] write(LGBMBooster booster) throws LGBMException {
    return booster
        .saveModelToString(0, 0, FeatureImportanceType.GAIN)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static float[] flat(float[][] rows) {
    int width = rows[0].length;
    float[] flat = new float[rows.length * width];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, flat, i * width, width);
    }
    return flat;
  }

  /**
   * Frees the native model once nothing reaches this object, which may be while its last call is
   * still in native code: every call that uses the model therefore ends in a reachability fence.
   */
  private static final class Trees implements Model {

    private final LGBMBooster booster;

    Trees(LGBMBooster booster) {
      this.booster = booster;
      CLEANER.register(this, () -> close(booster));
    }

    @Override
    public double[] probabilities(float[][] rows) {
      return predict(rows, PredictionType.C_API_PREDICT_NORMAL);
    }

    @Override
    public double[] contributions(float[] row) {
      return predict(new float[][] {row}, PredictionType.C_API_PREDICT_CONTRIB);
    }

    @Override
    public double[] importance(int width) {
      try {
        return booster.featureImportance(0, FeatureImportanceType.GAIN);
      } catch (LGBMException e) {
        throw new IllegalStateException("no importance: " + e.getMessage(), e);
      } finally {
        Reference.reachabilityFence(this);
      }
    }

    @Override
    public byte[] toBytes() {
      try {
        return write(booster);
      } catch (LGBMException e) {
        throw new IllegalStateException("the model cannot be written: " + e.getMessage(), e);
      } finally {
        Reference.reachabilityFence(this);
      }
    }

    private double[] predict(float[][] rows, PredictionType type) {
      try {
        return booster.predictForMat(
            flat(rows), rows.length, rows[0].length, true, type, ONE_THREAD);
      } catch (LGBMException e) {
        throw new IllegalStateException("scoring failed: " + e.getMessage(), e);
      } finally {
        Reference.reachabilityFence(this);
      }
    }

    private static void close(LGBMBooster booster) {
      try {
        booster.close();
      } catch (LGBMException e) {
        throw new IllegalStateException("the model cannot be freed: " + e.getMessage(), e);
      }
    }
  }
}
