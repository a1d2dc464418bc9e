package dev.mlhandoff.gate.quality;

import dev.mlhandoff.ml.metrics.Classification;
import dev.mlhandoff.ml.metrics.RocAuc;
import java.util.Arrays;
import java.util.List;

/** The metric by which discrimination, stability and the hold-out are judged. */
public enum RulingMetric {
  AUC_ROC("auc_roc", "AUC-ROC"),
  AVERAGE_PRECISION("average_precision", "average precision");

  private final String id;
  private final String label;

  RulingMetric(String id, String label) {
    this.id = id;
    this.label = label;
  }

  /**
   * The metric that a policy names.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public static RulingMetric named(String name) {
    List<String> known = Arrays.stream(values()).map(metric -> metric.id).toList();
    int index = known.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException("no metric " + name + " can rule, only " + known);
    }
    return values()[index];
  }

  /** In [0, 1], 1 is best; NaN if only one class is present. */
  public double of(double[] scores, int[] labels) {
    return switch (this) {
      case AUC_ROC -> RocAuc.of(scores, labels);
      case AVERAGE_PRECISION -> Classification.averagePrecision(scores, labels);
    };
  }

  /** As policies and messages write it. */
  public String id() {
    return id;
  }

  /** As people write it. */
  public String label() {
    return label;
  }
}
