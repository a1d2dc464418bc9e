package dev.mlhandoff.gate.quality;

import dev.mlhandoff.ml.metrics.Bootstrap;
import dev.mlhandoff.ml.metrics.Classification;
import dev.mlhandoff.ml.metrics.RocAuc;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The quality score: the lowest of discrimination (lower 95 % bound of the out-of-fold AUC-ROC),
 * calibration (1 - ECE over 10 bins of equal mass), stability (1 - range of the fold AUCs) and
 * evidence (1 if every claim is what the artifacts say). The weakest link counts, so that a good
 * dimension never hides a bad one.
 */
public final class QualityScore {

  private static final int BINS = 10;
  private static final double SAME = 1e-9;

  private QualityScore() {}

  /** Judges claims by evidence. */
  public static Judgement of(
      Evidence evidence, Evidence.Claims claims, double threshold, long seed) {
    int[] labels = evidence.labels();
    double auc = RocAuc.of(evidence.scores(), labels);
    Bootstrap.Interval interval = Bootstrap.auc(evidence.scores(), labels, seed);
    double error = Classification.calibrationError(evidence.calibrated(), labels, BINS);
    List<Double> foldAuc = foldAuc(evidence);
    double range =
        foldAuc.stream().mapToDouble(d -> d).max().orElse(1)
            - foldAuc.stream().mapToDouble(d -> d).min().orElse(0);
    double singleAuc = RocAuc.of(evidence.singleFeature(), labels);
    List<String> mismatches = new ArrayList<>();
    compare("AUC-ROC", claims.auc(), auc, mismatches);
    compare(
        "average precision",
        claims.averagePrecision(),
        Classification.averagePrecision(evidence.scores(), labels),
        mismatches);
    compare(
        "Brier score", claims.brier(), Classification.brier(evidence.scores(), labels), mismatches);
    compare("calibration error", claims.calibrationError(), error, mismatches);
    compare("single-feature AUC", claims.singleFeatureAuc(), singleAuc, mismatches);
    compareFolds(claims.foldAuc(), foldAuc, mismatches);
    SortedMap<String, Double> dimensions = new TreeMap<>();
    dimensions.put("discrimination", interval.lower());
    dimensions.put("calibration", 1 - error);
    dimensions.put("stability", 1 - range);
    dimensions.put("evidence", mismatches.isEmpty() ? 1.0 : 0.0);
    double score = dimensions.values().stream().mapToDouble(d -> d).min().orElse(0);
    Bootstrap.Interval gain =
        Bootstrap.aucDifference(evidence.scores(), evidence.singleFeature(), labels, seed);
    boolean beats = gain.lower() > 0;
    List<String> reasons = new ArrayList<>(mismatches);
    dimensions.forEach(
        (name, value) -> {
          if (value < threshold) {
            reasons.add("%s is %.4f, below %.4f".formatted(name, value, threshold));
          }
        });
    reasons.add(
        "out-of-fold AUC-ROC %.4f (95 %% interval %.4f to %.4f); the best single feature reaches"
                .formatted(auc, interval.lower(), interval.upper())
            + " %.4f, the gain is %.4f to %.4f".formatted(singleAuc, gain.lower(), gain.upper()));
    return new Judgement(score, dimensions, beats, mismatches, reasons);
  }

  private static List<Double> foldAuc(Evidence evidence) {
    int folds = Arrays.stream(evidence.fold()).max().orElse(-1) + 1;
    List<Double> values = new ArrayList<>();
    for (int f = 0; f < folds; f++) {
      int fold = f;
      int[] rows =
          java.util.stream.IntStream.range(0, evidence.fold().length)
              .filter(i -> evidence.fold()[i] == fold)
              .toArray();
      values.add(
          RocAuc.of(
              Arrays.stream(rows).mapToDouble(i -> evidence.scores()[i]).toArray(),
              Arrays.stream(rows).map(i -> evidence.labels()[i]).toArray()));
    }
    return values;
  }

  private static void compareFolds(
      List<Double> claimed, List<Double> found, List<String> mismatches) {
    if (claimed.size() != found.size()) {
      mismatches.add(
          "the report has %d folds, the artifacts %d".formatted(claimed.size(), found.size()));
      return;
    }
    for (int i = 0; i < found.size(); i++) {
      compare("AUC of fold " + i, claimed.get(i), found.get(i), mismatches);
    }
  }

  private static void compare(String what, double claimed, double found, List<String> mismatches) {
    if (!(Math.abs(claimed - found) <= SAME)) {
      mismatches.add(
          "the report claims %s %.9f, the artifacts say %.9f".formatted(what, claimed, found));
    }
  }
}
