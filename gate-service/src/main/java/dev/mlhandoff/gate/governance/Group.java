package dev.mlhandoff.gate.governance;

import dev.mlhandoff.ml.metrics.RocAuc;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How the model treats the entities that share a value of a protected attribute.
 *
 * @param positives rows whose true class is the favourable one
 * @param selected rows that the model decides favourably
 * @param truePositives rows that are both
 * @param auc AUC-ROC within the group; NaN if it has only one class
 * @param aucLower lower 95 % bound, by the standard error of Hanley and McNeil (1982)
 */
public record Group(
    String attribute,
    String value,
    int rows,
    int positives,
    int selected,
    int truePositives,
    double auc,
    double aucLower,
    double aucUpper) {

  private static final double Z = 1.959963984540054;

  /**
   * Counts a group.
   *
   * @param members its rows
   * @param decisions 1 where the model decides for the positive class
   * @param favourable the favourable class, 0 or 1
   */
  static Group of(
      String attribute,
      String value,
      int[] members,
      double[] scores,
      int[] decisions,
      int[] labels,
      int favourable) {
    int[] own = Arrays.stream(members).map(row -> labels[row]).toArray();
    double auc = RocAuc.of(Arrays.stream(members).mapToDouble(row -> scores[row]).toArray(), own);
    double error = standardError(auc, own);
    return new Group(
        attribute,
        value,
        members.length,
        count(members, row -> labels[row] == favourable),
        count(members, row -> decisions[row] == favourable),
        count(members, row -> labels[row] == favourable && decisions[row] == favourable),
        auc,
        auc - Z * error,
        auc + Z * error);
  }

  /** Share of the group whose true class is the favourable one. */
  public double baseRate() {
    return (double) positives / rows;
  }

  /** Share of the group that the model decides favourably. */
  public double selectionRate() {
    return (double) selected / rows;
  }

  /** Share of the favourable class that the model decides favourably; NaN if there is none. */
  public double truePositiveRate() {
    return positives == 0 ? Double.NaN : (double) truePositives / positives;
  }

  /** Attribute and value, as they stand in findings. */
  public String name() {
    return attribute + "=" + value;
  }

  static double standardError(double auc, int[] labels) {
    double positives = Arrays.stream(labels).sum();
    double negatives = labels.length - positives;
    double q1 = auc / (2 - auc);
    double q2 = 2 * auc * auc / (1 + auc);
    return Math.sqrt(
        (auc * (1 - auc) + (positives - 1) * (q1 - auc * auc) + (negatives - 1) * (q2 - auc * auc))
            / (positives * negatives));
  }

  private static int count(int[] members, java.util.function.IntPredicate condition) {
    return (int) IntStream.of(members).filter(condition).count();
  }
}
