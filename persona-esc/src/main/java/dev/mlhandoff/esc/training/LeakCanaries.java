package dev.mlhandoff.esc.training;

import dev.mlhandoff.ml.metrics.RocAuc;
import dev.mlhandoff.ml.model.ModelFamilies;
import dev.mlhandoff.ml.model.ModelFamily;
import dev.mlhandoff.ml.table.Kind;
import dev.mlhandoff.ml.table.RawColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the target where it should not be: a shuffled target must be unpredictable, no single
 * column may tell it alone, and no entity may stand in two folds.
 *
 * @param shuffledAuc AUC-ROC of the baseline on a shuffled target, on the first fold
 * @param shuffledStandardError of an AUC of 0.5 at that fold's size
 */
record LeakCanaries(double shuffledAuc, double shuffledStandardError, List<LeakAlarm> alarms) {

  static final double SUSPICIOUS = 0.99;
  private static final int STANDARD_ERRORS = 3;

  static LeakCanaries of(
      TrainingData data, int topFeatures, long seed, Map<String, List<String>> sources) {
    int[] validation = data.rows(0, true);
    double shuffled = shuffledAuc(data, validation, topFeatures, seed);
    double error = standardErrorOfChance(data.labels(validation));
    List<LeakAlarm> alarms = new ArrayList<>();
    if (Math.abs(shuffled - 0.5) > STANDARD_ERRORS * error) {
      alarms.add(
          new LeakAlarm(
              "shuffled_target",
              null,
              List.of(),
              shuffled,
              0.5 + STANDARD_ERRORS * error,
              "a shuffled target scores %.4f, more than three standard errors from 0.5"
                  .formatted(shuffled)));
    }
    for (RawColumn column : data.table().columns()) {
      double auc = alone(data, column);
      if (auc > SUSPICIOUS) {
        alarms.add(
            new LeakAlarm(
                "single_feature",
                column.name(),
                sources.getOrDefault(column.name(), List.of()),
                auc,
                SUSPICIOUS,
                "%s alone scores %.4f out of fold".formatted(column.name(), auc)));
      }
    }
    long repeated = data.keys().size() - data.keys().stream().distinct().count();
    if (repeated > 0) {
      alarms.add(
          new LeakAlarm(
              "entity_in_two_folds",
              null,
              List.of(),
              repeated,
              0,
              "%d rows are of an entity that has another row".formatted(repeated)));
    }
    return new LeakCanaries(shuffled, error, alarms);
  }

  /**
   * Mean AUC-ROC over the folds of one raw column, its direction or its categories' means learned
   * from the other folds.
   */
  static double alone(TrainingData data, RawColumn column) {
    double sum = 0;
    for (int fold = 0; fold < data.folds(); fold++) {
      int[] training = data.rows(fold, false);
      int[] validation = data.rows(fold, true);
      double[] scores =
          column.kind() == Kind.NUMERIC
              ? numbers(data, column.name(), validation)
              : targetMeans(data, column.name(), training, validation);
      double auc = RocAuc.of(scores, data.labels(validation));
      if (column.kind() == Kind.NUMERIC && Math.max(auc, 1 - auc) > 0.9) {
        double learned = RocAuc.of(numbers(data, column.name(), training), data.labels(training));
        auc = learned >= 0.5 ? auc : 1 - auc;
      } else if (column.kind() == Kind.NUMERIC) {
        // Far from the limit, the direction does not matter.
        auc = Math.max(auc, 1 - auc);
      }
      sum += auc;
    }
    return sum / data.folds();
  }

  private static double[] numbers(TrainingData data, String name, int[] rows) {
    double[] values = Rows.select(data.table().numbers(name), rows);
    // Missing values rank below all others: that a value is missing may be what tells.
    return Arrays.stream(values)
        .map(value -> Double.isNaN(value) ? Double.NEGATIVE_INFINITY : value)
        .toArray();
  }

  private static double[] targetMeans(
      TrainingData data, String name, int[] training, int[] validation) {
    @Nullable String[] values = data.table().categories(name);
    Map<String, double[]> counts = new HashMap<>();
    double positives = 0;
    for (int row : training) {
      double[] count = counts.computeIfAbsent(String.valueOf(values[row]), key -> new double[2]);
      count[0]++;
      count[1] += data.labels()[row];
      positives += data.labels()[row];
    }
    double prior = positives / training.length;
    return Arrays.stream(validation)
        .mapToDouble(
            row -> {
              double[] count = counts.getOrDefault(String.valueOf(values[row]), new double[2]);
              return (count[1] + prior) / (count[0] + 1);
            })
        .toArray();
  }

  private static double shuffledAuc(
      TrainingData data, int[] validation, int topFeatures, long seed) {
    int[] shuffled = shuffled(data, seed);
    FoldInput input = FoldInput.of(data, data.rows(0, false), validation, shuffled, topFeatures);
    ModelFamily baseline = ModelFamilies.named(ModelFamilies.BASELINE);
    double[] scores =
        baseline
            .train(input.training(), input.trainingLabels(), baseline.defaults(), seed)
            .probabilities(input.validation());
    return RocAuc.of(scores, Rows.select(shuffled, validation));
  }

  /** Standard error of an AUC that is 0.5 (Hanley and McNeil 1982). */
  private static double standardErrorOfChance(int[] labels) {
    double positives = Arrays.stream(labels).sum();
    double negatives = labels.length - positives;
    return Math.sqrt((positives + negatives + 1) / (12 * positives * negatives));
  }

  /** Shuffled within each fold, so that every fold keeps its share of positives. */
  private static int[] shuffled(TrainingData data, long seed) {
    int[] shuffled = data.labels().clone();
    SplittableRandom random = new SplittableRandom(seed);
    for (int fold = 0; fold < data.folds(); fold++) {
      int[] rows = data.rows(fold, true);
      for (int i = rows.length - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        int label = shuffled[rows[i]];
        shuffled[rows[i]] = shuffled[rows[j]];
        shuffled[rows[j]] = label;
      }
    }
    return shuffled;
  }
}
