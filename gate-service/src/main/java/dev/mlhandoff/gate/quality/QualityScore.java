package dev.mlhandoff.gate.quality;

import dev.mlhandoff.gate.quality.Judgement.Result;
import dev.mlhandoff.ml.metrics.Bootstrap;
import dev.mlhandoff.ml.metrics.Classification;
import dev.mlhandoff.ml.metrics.RocAuc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The quality score: the lowest of discrimination (lower 95 % bound of the ruling metric, out of
 * fold), calibration (1 - ECE over 10 bins of equal mass), stability (1 - range of the folds) and
 * evidence (1 if every claim is what the artifacts say). The weakest link counts, so that a good
 * dimension never hides a bad one.
 */
public final class QualityScore {

  private QualityScore() {}

  /**
   * Judges an attempt.
   *
   * @param mismatches what of its report is not true
   */
  public static Judgement of(
      Evidence evidence, List<String> mismatches, Standard standard, long seed) {
    RulingMetric metric = standard.metric();
    int[] labels = evidence.labels();
    Bootstrap.Interval interval = Bootstrap.of(evidence.scores(), labels, seed, metric::of);
    List<Double> folds = ReportFigures.foldValues(evidence.scores(), evidence, metric);
    SortedMap<String, Double> dimensions = new TreeMap<>();
    dimensions.put("discrimination", interval.lower());
    dimensions.put(
        "calibration",
        1 - Classification.calibrationError(evidence.calibrated(), labels, ReportFigures.BINS));
    dimensions.put("stability", 1 - range(folds));
    dimensions.put("evidence", mismatches.isEmpty() ? 1.0 : 0.0);
    double score = dimensions.values().stream().mapToDouble(d -> d).min().orElse(0);

    List<String> reasons = new ArrayList<>(mismatches);
    boolean curable = true;
    boolean good = true;
    for (Map.Entry<String, Double> dimension : dimensions.entrySet()) {
      double minimum = standard.minimum(dimension.getKey());
      if (!(dimension.getValue() >= minimum)) {
        good = false;
        curable &= standard.retry(dimension.getKey());
        reasons.add(
            "%s is %.4f, below %.4f".formatted(dimension.getKey(), dimension.getValue(), minimum));
      }
    }
    reasons.add(
        "out-of-fold %s %.4f (95 %% interval %.4f to %.4f)"
            .formatted(
                metric.label(),
                metric.of(evidence.scores(), labels),
                interval.lower(),
                interval.upper()));
    boolean better = better(evidence, standard, seed, reasons);
    Result result;
    if (!mismatches.isEmpty()) {
      result = Result.MISMATCH;
    } else if (!good) {
      result = curable ? Result.MAY_RETRY : Result.FAILS;
    } else {
      result = better ? Result.PASSES : Result.NOT_BETTER_THAN_SINGLE_FEATURE;
    }
    return new Judgement(score, dimensions, result, mismatches, reasons);
  }

  /** Paired bootstrap against the best single feature, unless that one is itself suspected. */
  private static boolean better(
      Evidence evidence, Standard standard, long seed, List<String> reasons) {
    int[] labels = evidence.labels();
    double alone = RocAuc.of(evidence.singleFeature(), labels);
    if (alone > standard.leakSuspicion()) {
      reasons.add(
          "the best single feature reaches an AUC-ROC of %.4f alone: a suspected leak is no benchmark"
              .formatted(alone));
      return true;
    }
    RulingMetric metric = standard.metric();
    Bootstrap.Interval gain =
        Bootstrap.difference(evidence.scores(), evidence.singleFeature(), labels, seed, metric::of);
    reasons.add(
        "the best single feature reaches %.4f, the gain is %.4f to %.4f"
            .formatted(metric.of(evidence.singleFeature(), labels), gain.lower(), gain.upper()));
    return gain.lower() > 0;
  }

  private static double range(List<Double> values) {
    return values.stream().mapToDouble(d -> d).max().orElse(1)
        - values.stream().mapToDouble(d -> d).min().orElse(0);
  }
}
