package dev.mlhandoff.gate.governance;

import dev.mlhandoff.ml.metrics.RocAuc;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Looks for features that alone tell the answer, and for a pipeline that learns from a shuffled
 * target. What the report says is not relied on: every feature is ranked again.
 */
public final class LeakAlarms {

  private static final double STANDARD_ERRORS = 3;

  private LeakAlarms() {}

  /**
   * Ranks by each column alone.
   *
   * @param names of the columns
   * @param rows the model's input, one array a row
   * @return AUC-ROC by name, direction left aside: in [0.5, 1]
   */
  public static SortedMap<String, Double> alone(List<String> names, float[][] rows, int[] labels) {
    SortedMap<String, Double> found = new TreeMap<>();
    for (int j = 0; j < names.size(); j++) {
      double[] column = new double[rows.length];
      for (int i = 0; i < rows.length; i++) {
        column[i] = rows[i][j];
      }
      double auc = RocAuc.of(column, labels);
      found.put(names.get(j), Math.max(auc, 1 - auc));
    }
    return found;
  }

  /**
   * Fails while an alarm stands.
   *
   * @param alone AUC-ROC of each served feature by itself
   * @param suspicion above it a feature is suspected
   * @param shuffledAuc AUC-ROC on a shuffled target, and its standard error at that size
   * @param reported further alarms of training, in words
   */
  public static Finding finding(
      SortedMap<String, Double> alone,
      double suspicion,
      Lineage lineage,
      double shuffledAuc,
      double shuffledError,
      List<String> reported) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    List<String> alarms = new ArrayList<>(reported);
    alone.forEach(
        (feature, auc) -> {
          if (auc > suspicion) {
            numbers.put(feature, auc);
            alarms.add(
                "column %s (feature %s) alone ranks with an AUC-ROC of %.4f"
                    .formatted(String.join(", ", lineage.sourcesOfServed(feature)), feature, auc));
          }
        });
    if (!(Math.abs(shuffledAuc - 0.5) <= STANDARD_ERRORS * shuffledError)) {
      alarms.add(
          "a shuffled target ranks with an AUC-ROC of %.4f, standard error %.4f"
              .formatted(shuffledAuc, shuffledError));
    }
    numbers.put("suspicion", suspicion);
    numbers.put("shuffled AUC-ROC", shuffledAuc);
    return Finding.of(
        CheckIds.LEAK_ALARMS,
        alarms.isEmpty(),
        alarms.isEmpty()
            ? "no feature alone ranks above %s, and a shuffled target with %.4f"
                .formatted(suspicion, shuffledAuc)
            : String.join("; ", alarms),
        numbers,
        "training/experiment-report",
        "training/model-bundle",
        "feature_engineering/features");
  }
}
