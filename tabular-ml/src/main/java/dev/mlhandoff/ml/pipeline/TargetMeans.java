package dev.mlhandoff.ml.pipeline;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Smoothed means of the target by category (Micci-Barreca 2001). */
final class TargetMeans {

  /** Weight of the prior in a category's mean, in rows. */
  private static final double SMOOTHING = 20;

  private static final int PARTS = 5;

  private TargetMeans() {}

  static double smoothed(double positives, double rows, double prior) {
    return (positives + SMOOTHING * prior) / (rows + SMOOTHING);
  }

  /**
   * The category's mean for each row, learned from the other four of five parts of the rows alone:
   * in rare categories a row's own target would otherwise give itself away.
   */
  static double[] outOfPart(FittedFeature feature, @Nullable String[] raw, int[] labels) {
    Map<String, double[][]> counts = new HashMap<>();
    for (int i = 0; i < raw.length; i++) {
      double[][] parts = counts.computeIfAbsent(category(raw[i]), key -> new double[PARTS][2]);
      parts[i % PARTS][0]++;
      parts[i % PARTS][1] += labels[i];
    }
    double[] means = new double[raw.length];
    for (int i = 0; i < raw.length; i++) {
      double[][] parts = counts.getOrDefault(category(raw[i]), new double[PARTS][2]);
      double rows = 0;
      double positives = 0;
      for (int part = 0; part < PARTS; part++) {
        if (part != i % PARTS) {
          rows += parts[part][0];
          positives += parts[part][1];
        }
      }
      means[i] = smoothed(positives, rows, feature.impute());
    }
    return means;
  }

  private static String category(@Nullable String raw) {
    return raw == null ? FeaturePipeline.MISSING : raw;
  }
}
