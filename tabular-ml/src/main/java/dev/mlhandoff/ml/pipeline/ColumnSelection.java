package dev.mlhandoff.ml.pipeline;

import dev.mlhandoff.ml.metrics.RocAuc;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Selects fitted columns: those whose ranking alone separates the classes more than the best of as
 * many columns of noise would with a probability of 5 %, and those proven otherwise, best first,
 * without near-duplicates. At least one is selected.
 */
final class ColumnSelection {

  /** Probability that any column of noise is selected. */
  private static final double FAMILY_WISE_ERROR = 0.05;

  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  /** Absolute correlation from which two columns say the same. */
  private static final double SAME = 0.98;

  /** Rows by which correlations are judged, evenly spread. */
  private static final int SAMPLE = 20_000;

  private final int[] labels;

  /** Of the AUC-ROC of a column of noise (Hanley and McNeil 1982). */
  private final double standardError;

  private final List<Candidate> candidates = new ArrayList<>();

  ColumnSelection(int[] labels) {
    this.labels = labels;
    double positives = Arrays.stream(labels).sum();
    double negatives = labels.length - positives;
    this.standardError = Math.sqrt((labels.length + 1) / (12 * positives * negatives));
  }

  /**
   * A column that may be selected.
   *
   * @param position in the order of offers
   * @param separation distance of its AUC-ROC from 0.5
   * @param proven whether chance was ruled out before
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Candidate(
      FittedFeature feature,
      int position,
      double separation,
      boolean proven,
      float[] standardised) {}

  /**
   * Offers a column that is not constant.
   *
   * @param values of the rows it was fitted on; of an encoded target those without the row's own
   */
  void offer(FittedFeature feature, double[] values) {
    double above = RocAuc.of(values, labels) - 0.5;
    // A category's mean without the row's own target falls as the target rises: an encoding of
    // noise ranks the classes the wrong way round.
    double separation = feature.type() == FittedFeature.Type.TARGET_MEAN ? above : Math.abs(above);
    offer(feature, separation, false, values);
  }

  /** Offers a column that was tested already, whose ranking alone need not tell. */
  void offerProven(FittedFeature feature, double[] values) {
    offer(feature, Math.abs(RocAuc.of(values, labels) - 0.5), true, values);
  }

  private void offer(FittedFeature feature, double separation, boolean proven, double[] values) {
    candidates.add(
        new Candidate(feature, candidates.size(), separation, proven, standardised(values)));
  }

  /** The selected columns, best first. */
  List<FittedFeature> best(int top) {
    candidates.sort(
        Comparator.comparingDouble(Candidate::separation)
            .reversed()
            .thenComparing(Candidate::position));
    // Bonferroni over all columns, on both sides.
    double chance =
        standardError
            * NORMAL.inverseSurvivalProbability(
                FAMILY_WISE_ERROR / (2 * Math.max(1, candidates.size())));
    List<Candidate> kept = new ArrayList<>();
    for (Candidate candidate : candidates) {
      if (kept.size() == top) {
        break;
      }
      if (candidate.separation() <= chance && !candidate.proven() && !kept.isEmpty()) {
        continue;
      }
      int same = indexOfSame(candidate, kept);
      if (same < 0) {
        kept.add(candidate);
      } else if (isPreferred(candidate, kept.get(same))) {
        kept.set(same, candidate);
      }
    }
    return kept.stream().map(Candidate::feature).toList();
  }

  /** Of two that say the same, the one that was there first stays, unless it is clearly worse. */
  private boolean isPreferred(Candidate candidate, Candidate kept) {
    return candidate.position() < kept.position()
        && kept.separation() - candidate.separation() <= standardError;
  }

  private static int indexOfSame(Candidate candidate, List<Candidate> kept) {
    for (int i = 0; i < kept.size(); i++) {
      double product = 0;
      float[] a = candidate.standardised();
      float[] b = kept.get(i).standardised();
      for (int row = 0; row < a.length; row++) {
        product += a[row] * b[row];
      }
      if (Math.abs(product) / a.length > SAME) {
        return i;
      }
    }
    return -1;
  }

  private static float[] standardised(double[] values) {
    int rows = Math.min(SAMPLE, values.length);
    double step = (double) values.length / rows;
    double[] sample = new double[rows];
    double mean = 0;
    for (int i = 0; i < rows; i++) {
      sample[i] = values[(int) (i * step)];
      mean += sample[i] / rows;
    }
    double variance = 0;
    for (double value : sample) {
      variance += (value - mean) * (value - mean) / rows;
    }
    double deviation = Math.sqrt(Math.max(variance, 1e-24));
    float[] standardised = new float[rows];
    for (int i = 0; i < rows; i++) {
      standardised[i] = (float) ((sample[i] - mean) / deviation);
    }
    return standardised;
  }
}
