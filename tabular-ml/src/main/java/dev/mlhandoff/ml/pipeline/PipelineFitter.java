package dev.mlhandoff.ml.pipeline;

import dev.mlhandoff.ml.interaction.InteractionSearch;
import dev.mlhandoff.ml.table.Kind;
import dev.mlhandoff.ml.table.RawColumn;
import dev.mlhandoff.ml.table.RawTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Fits a {@link FeaturePipeline} on training rows alone: median imputation with a missing
 * indicator, caps at the 0.5 and 99.5 % quantiles, one-hot up to twelve categories, the smoothed
 * target mean and the frequency above; the interactions of numbers that {@link InteractionSearch}
 * finds; then {@link ColumnSelection}.
 */
public final class PipelineFitter {

  private static final int MAX_ONE_HOT = 12;
  private static final double CAP = 0.005;

  /** Models compute in single precision, and squares of larger values overflow even in double. */
  private static final double LARGEST = 1e30;

  private PipelineFitter() {}

  /**
   * Fits on all rows of the table.
   *
   * @param top how many columns may be kept, at least 1
   */
  public static FeaturePipeline fit(RawTable table, int[] labels, int top) {
    ColumnSelection selection = new ColumnSelection(labels);
    for (RawColumn column : table.columns()) {
      for (FittedFeature feature : fitted(column, table, labels)) {
        double[] values = FeaturePipeline.column(feature, table);
        FittedFeature scaled = scaled(feature, values);
        if (feature.type() == FittedFeature.Type.TARGET_MEAN) {
          values = TargetMeans.outOfPart(feature, table.categories(feature.source()), labels);
        }
        if (scaled.deviation() > 0) {
          selection.offer(scaled, values);
        }
      }
    }
    for (FittedFeature interaction : Interactions.of(table, labels)) {
      double[] values = FeaturePipeline.column(interaction, table);
      FittedFeature scaled = scaled(interaction, values);
      if (scaled.deviation() > 0) {
        selection.offerProven(scaled, values);
      }
    }
    return new FeaturePipeline(table.columns(), selection.best(top));
  }

  /**
   * Whether {@link #fit} finds at least one feature: a column that neither has one value alone nor
   * identifies its rows.
   */
  public static boolean hasFeatures(RawTable table, int[] labels) {
    return table.columns().stream()
        .flatMap(column -> fitted(column, table, labels).stream())
        .anyMatch(feature -> isVaried(feature, table));
  }

  private static boolean isVaried(FittedFeature feature, RawTable table) {
    return scaled(feature, FeaturePipeline.column(feature, table)).deviation() > 0;
  }

  private static List<FittedFeature> fitted(RawColumn column, RawTable table, int[] labels) {
    return column.kind() == Kind.NUMERIC
        ? numeric(column.name(), table.numbers(column.name()))
        : categorical(column.name(), table.categories(column.name()), labels);
  }

  /**
   * The model's input for the very rows the pipeline was fitted on: as {@link
   * FeaturePipeline#transform}, but a row's own target has no part in its target means.
   */
  public static float[][] trainingInput(FeaturePipeline pipeline, RawTable table, int[] labels) {
    float[][] rows = pipeline.transform(table);
    for (int j = 0; j < pipeline.features().size(); j++) {
      FittedFeature feature = pipeline.features().get(j);
      if (feature.type() == FittedFeature.Type.TARGET_MEAN) {
        double[] means = TargetMeans.outOfPart(feature, table.categories(feature.source()), labels);
        for (int i = 0; i < rows.length; i++) {
          rows[i][j] = (float) ((means[i] - feature.mean()) / feature.deviation());
        }
      }
    }
    return rows;
  }

  private static List<FittedFeature> numeric(String name, double[] raw) {
    double[] present = Arrays.stream(raw).filter(value -> !Double.isNaN(value)).sorted().toArray();
    List<FittedFeature> features = new ArrayList<>();
    if (present.length == 0) {
      return features;
    }
    double median = bounded(present[present.length / 2]);
    double lower = bounded(present[(int) (CAP * (present.length - 1))]);
    double upper = bounded(present[(int) Math.ceil((1 - CAP) * (present.length - 1))]);
    features.add(number(name, name, FittedFeature.Type.NUMBER, median, lower, upper));
    if (present.length < raw.length) {
      features.add(number(name + " missing", name, FittedFeature.Type.MISSING, 0, 0, 1));
    }
    return features;
  }

  private static double bounded(double value) {
    return Math.max(-LARGEST, Math.min(LARGEST, value));
  }

  private static FittedFeature number(
      String name,
      String source,
      FittedFeature.Type type,
      double impute,
      double lower,
      double upper) {
    return new FittedFeature(name, source, type, impute, lower, upper, null, new TreeMap<>());
  }

  private static List<FittedFeature> categorical(
      String name, @Nullable String[] raw, int[] labels) {
    Map<String, double[]> counts = new HashMap<>();
    double positives = 0;
    for (int i = 0; i < raw.length; i++) {
      String category = raw[i];
      double[] count =
          counts.computeIfAbsent(
              category == null ? FeaturePipeline.MISSING : category, key -> new double[2]);
      count[0]++;
      count[1] += labels[i];
      positives += labels[i];
    }
    // A column that is different in nearly every row identifies rows and teaches nothing.
    if (counts.size() > raw.length / 2) {
      return List.of();
    }
    double prior = positives / raw.length;
    List<FittedFeature> features = new ArrayList<>();
    if (counts.size() <= MAX_ONE_HOT) {
      for (String category : new TreeMap<>(counts).keySet()) {
        features.add(
            new FittedFeature(
                name + "=" + category,
                name,
                FittedFeature.Type.ONE_HOT,
                0,
                0,
                1,
                category,
                new TreeMap<>()));
      }
      return features;
    }
    SortedMap<String, Double> means = new TreeMap<>();
    SortedMap<String, Double> shares = new TreeMap<>();
    counts.forEach(
        (category, count) -> {
          means.put(category, TargetMeans.smoothed(count[1], count[0], prior));
          shares.put(category, count[0] / raw.length);
        });
    features.add(
        encoded(name + " target mean", name, FittedFeature.Type.TARGET_MEAN, prior, means));
    features.add(encoded(name + " frequency", name, FittedFeature.Type.FREQUENCY, 0, shares));
    return features;
  }

  private static FittedFeature encoded(
      String name,
      String source,
      FittedFeature.Type type,
      double unseen,
      SortedMap<String, Double> encoding) {
    return new FittedFeature(name, source, type, unseen, 0, 1, null, encoding);
  }

  private static FittedFeature scaled(FittedFeature feature, double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    double mean = sum / values.length;
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    double deviation = Math.sqrt(squares / values.length);
    return feature.scaled(mean, deviation > 1e-12 ? deviation : 0);
  }
}
