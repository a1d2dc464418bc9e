package dev.mlhandoff.ml.interaction;

import dev.mlhandoff.ml.metrics.RocAuc;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Finds pairs of columns whose product of {@link Ridits} tells of the label what a logistic
 * regression over the separate effects of the columns does not: forward, the pair with the smallest
 * p-value of the {@link ScoreTest} first, each judged beside those found before. The limit is that
 * of Holm's step-down procedure, so that data with separate effects alone give any pair with a
 * probability of at most {@value #FAMILY_WISE_ERROR}. No randomness.
 */
public final class InteractionSearch {

  public static final double FAMILY_WISE_ERROR = 0.01;

  private static final int MOST_FOUND = 5;
  private static final int MOST_COLUMNS = 12;

  /**
   * Rows of the rarer class for each coefficient (Peduzzi et al., J. Clin. Epidemiol. 49, 1996).
   */
  private static final int ROWS_A_COEFFICIENT = 10;

  /** Pairs that are judged again once one was found. */
  private static final int KEPT = 40;

  /** Absolute correlation of scores from which the weaker column stands for nothing of its own. */
  private static final double SAME = 0.95;

  private final List<double[]> columns;
  private final int[] labels;
  private final List<Ridits> ridits;
  private final List<double[]> scores;

  /**
   * @param columns of the training part, NaN where missing
   * @param labels 0 or 1, both at least once
   */
  public InteractionSearch(List<double[]> columns, int[] labels) {
    this.columns = columns;
    this.labels = labels;
    this.ridits = columns.stream().map(Ridits::fit).toList();
    this.scores = IntStream.range(0, columns.size()).mapToObj(this::scoresOf).toList();
  }

  /**
   * What was found, best first.
   *
   * @param columns how many were searched
   * @param pairs how many were judged
   */
  public record Found(int columns, int pairs, List<Interaction> interactions) {}

  /**
   * Two columns by their positions, {@code first} before {@code second}.
   *
   * @param pValue when it was found
   */
  public record Interaction(int first, int second, double pValue) {

    boolean isSamePair(Interaction other) {
      return first == other.first && second == other.second;
    }
  }

  /** Searches. */
  public Found find() {
    int[] chosen = strongest();
    List<double[]> model = new ArrayList<>();
    List<Interaction> pairs = new ArrayList<>();
    for (int i = 0; i < chosen.length; i++) {
      model.addAll(MainEffects.of(columns.get(chosen[i]), ridits.get(chosen[i])));
      for (int j = 0; j < i; j++) {
        pairs.add(new Interaction(chosen[j], chosen[i], 1));
      }
    }
    int tested = pairs.size();
    List<Interaction> found = new ArrayList<>();
    while (!pairs.isEmpty() && found.size() < MOST_FOUND) {
      pairs = judged(pairs, new ScoreTest(model, labels));
      Interaction best = pairs.get(0);
      if (!(best.pValue() <= FAMILY_WISE_ERROR / (tested - found.size()))) {
        break;
      }
      found.add(best);
      model.add(product(best));
      pairs = new ArrayList<>(pairs.subList(1, Math.min(KEPT, pairs.size())));
    }
    return new Found(chosen.length, tested, List.copyOf(found));
  }

  private List<Interaction> judged(List<Interaction> pairs, ScoreTest test) {
    return pairs.stream()
        .map(pair -> new Interaction(pair.first(), pair.second(), test.pValue(product(pair))))
        .sorted(
            Comparator.comparingDouble(Interaction::pValue)
                .thenComparingInt(Interaction::first)
                .thenComparingInt(Interaction::second))
        .toList();
  }

  private double[] product(Interaction pair) {
    double[] product = scores.get(pair.first()).clone();
    double[] other = scores.get(pair.second());
    for (int i = 0; i < product.length; i++) {
      product[i] *= other[i];
    }
    MainEffects.standardise(product);
    return product;
  }

  /** Positions, rising, of the columns that rank best alone; of two that say the same, one. */
  private int[] strongest() {
    long positives = IntStream.of(labels).filter(label -> label == 1).count();
    long limit =
        Math.min(positives, labels.length - positives)
            / ((long) ROWS_A_COEFFICIENT * MainEffects.DEGREE);
    List<double[]> kept = new ArrayList<>();
    return IntStream.range(0, columns.size())
        .filter(i -> !ridits.get(i).bounds().isEmpty())
        .boxed()
        .sorted(
            Comparator.comparingDouble(
                (Integer i) -> -Math.abs(RocAuc.of(scores.get(i), labels) - 0.5)))
        .filter(i -> isNew(scores.get(i), kept))
        .limit(Math.min(limit, MOST_COLUMNS))
        .mapToInt(Integer::intValue)
        .sorted()
        .toArray();
  }

  private static boolean isNew(double[] column, List<double[]> kept) {
    double[] standardised = column.clone();
    if (!MainEffects.standardise(standardised)) {
      return false;
    }
    for (double[] other : kept) {
      double product = 0;
      for (int row = 0; row < other.length; row++) {
        product += other[row] * standardised[row];
      }
      if (Math.abs(product) / other.length > SAME) {
        return false;
      }
    }
    kept.add(standardised);
    return true;
  }

  private double[] scoresOf(int column) {
    double[] values = columns.get(column);
    double[] scored = new double[values.length];
    for (int i = 0; i < scored.length; i++) {
      scored[i] = ridits.get(column).score(values[i]);
    }
    return scored;
  }
}
