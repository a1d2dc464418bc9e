package dev.mlhandoff.ior.serving;

import dev.mlhandoff.ml.bundle.Calibrator;
import dev.mlhandoff.ml.bundle.ModelBundle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Where a probability comes from, in log-odds: baseline, contributions and the rest sum to the
 * log-odds of the calibrated probability (Shapley values of Lundberg and Lee 2017 for trees, weight
 * times value for a linear model, scaled by the calibration's slope).
 *
 * @param baseline what every record starts from
 * @param contributions the largest by absolute value, in that order
 * @param others the sum of all further ones
 */
public record Explanation(
    String unit, double baseline, List<Contribution> contributions, double others) {

  /** Unit of every number in an explanation. */
  public static final String UNIT = "log-odds";

  /** What one column of the model's input adds. */
  public record Contribution(String feature, double value) {}

  /**
   * Explains one record.
   *
   * @param top how many contributions are named, at least 1
   */
  public static Explanation of(ModelBundle bundle, Map<String, ?> record, int top) {
    Calibrator calibrator = bundle.description().calibrator();
    double baseline = calibrator.intercept();
    List<Contribution> all = new ArrayList<>();
    for (Map.Entry<String, Double> entry : bundle.contributions(record).entrySet()) {
      double value = calibrator.slope() * entry.getValue();
      if (entry.getKey().equals(ModelBundle.BASELINE)) {
        baseline += value;
      } else {
        all.add(new Contribution(entry.getKey(), value));
      }
    }
    all.sort(
        Comparator.comparingDouble((Contribution c) -> -Math.abs(c.value()))
            .thenComparing(Contribution::feature));
    int named = Math.min(top, all.size());
    double others = 0;
    for (Contribution contribution : all.subList(named, all.size())) {
      others += contribution.value();
    }
    return new Explanation(UNIT, baseline, List.copyOf(all.subList(0, named)), others);
  }
}
