package dev.mlhandoff.mos.experiment;

import java.util.Arrays;
import java.util.Locale;

/** What an A/B test compares; each is a value in [0, 1] of one labelled prediction. */
public enum Metric {
  /** Squared difference of probability and outcome; lower is better. */
  BRIER_SCORE(false) {
    @Override
    double of(LabelledPrediction prediction) {
      double difference = prediction.probability() - (prediction.outcome() ? 1 : 0);
      return difference * difference;
    }
  },
  /** Whether the decision met the outcome; higher is better. */
  ACCURACY(true) {
    @Override
    double of(LabelledPrediction prediction) {
      return prediction.decision() == prediction.outcome() ? 1 : 0;
    }
  },
  /** Whether the predicted event happened, where it is wanted: a purchase. */
  MOST_OUTCOMES(true) {
    @Override
    double of(LabelledPrediction prediction) {
      return prediction.outcome() ? 1 : 0;
    }
  },
  /** Whether the predicted event happened, where it is not wanted: a customer who leaves. */
  FEWEST_OUTCOMES(false) {
    @Override
    double of(LabelledPrediction prediction) {
      return prediction.outcome() ? 1 : 0;
    }
  };

  private final boolean higherIsBetter;

  Metric(boolean higherIsBetter) {
    this.higherIsBetter = higherIsBetter;
  }

  abstract double of(LabelledPrediction prediction);

  boolean higherIsBetter() {
    return higherIsBetter;
  }

  /** Its name for people: {@code brier-score}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The metric of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Metric named(String label) {
    return Arrays.stream(values())
        .filter(metric -> metric.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "metric must be one of "
                        + Arrays.stream(values()).map(Metric::label).toList()));
  }
}
