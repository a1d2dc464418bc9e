package dev.mlhandoff.ml.pipeline;

import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * One column of the model's input, computed from one raw column with what training learned.
 *
 * @param impute what stands in for a missing number
 * @param lower smallest value that is let through, larger ones likewise capped at {@code upper}
 * @param category the category that a one-hot column answers 1 to
 * @param encoding category to smoothed mean of the target, or to its share of the rows; others get
 *     {@code impute}
 * @param mean subtracted, then divided by {@code deviation}
 */
public record FittedFeature(
    String name,
    String source,
    Type type,
    double impute,
    double lower,
    double upper,
    @Nullable String category,
    SortedMap<String, Double> encoding,
    double mean,
    double deviation) {

  /** How the raw value is turned into a number. */
  public enum Type {
    /** The capped number. */
    NUMBER,
    /** 1 where the number is missing. */
    MISSING,
    /** 1 where the category is the named one. */
    ONE_HOT,
    /** The target's smoothed mean in the category. */
    TARGET_MEAN,
    /** The category's share of the training rows; 0 for one that was not there. */
    FREQUENCY
  }

  double ofNumber(double raw) {
    double value =
        switch (type) {
          case MISSING -> Double.isNaN(raw) ? 1 : 0;
          default -> Double.isNaN(raw) ? impute : Math.max(lower, Math.min(upper, raw));
        };
    return (value - mean) / deviation;
  }

  double ofCategory(@Nullable String raw) {
    String value = raw == null ? FeaturePipeline.MISSING : raw;
    double number =
        type == Type.ONE_HOT
            ? (value.equals(category) ? 1 : 0)
            : encoding.getOrDefault(value, impute);
    return (number - mean) / deviation;
  }
}
