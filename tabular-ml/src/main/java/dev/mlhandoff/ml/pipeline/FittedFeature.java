package dev.mlhandoff.ml.pipeline;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.mlhandoff.ml.interaction.Ridits;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One column of the model's input, computed from one raw column, or an interaction of two, with
 * what training learned.
 *
 * @param impute what stands in for a missing number
 * @param lower smallest value that is let through, larger ones likewise capped at {@code upper}
 * @param category the category that a one-hot column answers 1 to
 * @param encoding category to smoothed mean of the target, or to its share of the rows; others get
 *     {@code impute}
 * @param mean subtracted, then divided by {@code deviation}
 * @param pair of an interaction, what it has to the source; null otherwise
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
    double deviation,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Pair pair) {

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
    FREQUENCY,
    /** The product of where two numbers stand among those of the training rows. */
    INTERACTION
  }

  /**
   * The other column of an interaction.
   *
   * @param ridits of the source
   * @param other the second raw column, of numbers as the source is
   * @param otherRidits of the second
   */
  public record Pair(Ridits ridits, String other, Ridits otherRidits) {}

  /** A column that is computed from one raw column. */
  FittedFeature(
      String name,
      String source,
      Type type,
      double impute,
      double lower,
      double upper,
      @Nullable String category,
      SortedMap<String, Double> encoding) {
    this(name, source, type, impute, lower, upper, category, encoding, 0, 1, null);
  }

  /** The interaction of two raw columns of numbers. */
  static FittedFeature interaction(
      String first, Ridits firstRidits, String second, Ridits secondRidits) {
    return new FittedFeature(
        first + " * " + second,
        first,
        Type.INTERACTION,
        0,
        -1,
        1,
        null,
        new TreeMap<>(),
        0,
        1,
        new Pair(firstRidits, second, secondRidits));
  }

  /** The raw columns that it is computed from: one, or the two of an interaction. */
  public List<String> sources() {
    return pair == null ? List.of(source) : List.of(source, pair.other());
  }

  /** The same, brought to mean 0 and deviation 1. */
  FittedFeature scaled(double ownMean, double ownDeviation) {
    return new FittedFeature(
        name, source, type, impute, lower, upper, category, encoding, ownMean, ownDeviation, pair);
  }

  /** Of an interaction; a missing number favours no side. */
  double ofNumbers(Pair of, double raw, double other) {
    return (of.ridits().score(raw) * of.otherRidits().score(other) - mean) / deviation;
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
