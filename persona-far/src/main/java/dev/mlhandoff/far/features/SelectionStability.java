package dev.mlhandoff.far.features;

import dev.mlhandoff.data.StoredColumns;
import dev.mlhandoff.ml.metrics.RocAuc;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How stable a selection by one univariate criterion is over the folds. Each fold ranks on its own
 * training rows alone. This informs; the selection that counts is fitted inside ESC's folds.
 */
public final class SelectionStability {

  private static final String CRITERION =
      "|2 AUC - 1| of the feature alone on the fold's training rows; missing numbers take the"
          + " median there, categories their smoothed share of positives there";

  /** Weight, in rows, of the overall share of positives in a category's. */
  private static final double SMOOTHING = 20;

  private final StoredColumns table;
  private final List<FeatureDefinition> features;

  public SelectionStability(StoredColumns table, List<FeatureDefinition> features) {
    this.table = table;
    this.features = List.copyOf(features);
  }

  /**
   * The report.
   *
   * @param top the features that were kept most often, then by their mean score
   */
  public record Report(
      String criterion, int topFeatures, List<FoldRanking> folds, List<Stability> top) {}

  /** The best features of one fold, best first. */
  public record FoldRanking(int fold, int trainingRows, List<Score> ranking) {}

  /** A feature's separation of the classes, 0 (none) to 1 (perfect). */
  public record Score(String feature, double score) {}

  /**
   * How a feature did over all folds.
   *
   * @param share of the folds in which it was among the best
   */
  public record Stability(String feature, double share, double meanScore) {}

  /** The training rows of one fold and their labels. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Training(int[] rows, int[] labels) {}

  /** Ranks in every fold. Only one feature's values are in memory at a time. */
  public Report report(int topFeatures) throws SQLException {
    List<Training> folds = folds();
    List<List<Score>> scores = new ArrayList<>();
    folds.forEach(unused -> scores.add(new ArrayList<>()));
    for (FeatureDefinition feature : features) {
      double[] separations = separations(feature, folds);
      for (int fold = 0; fold < separations.length; fold++) {
        scores.get(fold).add(new Score(feature.name(), separations[fold]));
      }
    }
    List<FoldRanking> rankings = new ArrayList<>();
    Map<String, Integer> kept = new HashMap<>();
    Map<String, Double> sum = new HashMap<>();
    for (int fold = 0; fold < folds.size(); fold++) {
      List<Score> ranked = scores.get(fold);
      ranked.sort(
          Comparator.comparingDouble(Score::score).reversed().thenComparing(Score::feature));
      ranked.forEach(score -> sum.merge(score.feature(), score.score(), Double::sum));
      List<Score> best = List.copyOf(ranked.subList(0, Math.min(topFeatures, ranked.size())));
      best.forEach(score -> kept.merge(score.feature(), 1, Integer::sum));
      rankings.add(new FoldRanking(fold, folds.get(fold).rows().length, best));
    }
    List<Stability> top =
        kept.entrySet().stream()
            .map(
                entry ->
                    new Stability(
                        entry.getKey(),
                        (double) entry.getValue() / folds.size(),
                        sum.getOrDefault(entry.getKey(), 0.0) / folds.size()))
            .sorted(
                Comparator.comparingDouble(Stability::share)
                    .thenComparingDouble(Stability::meanScore)
                    .reversed()
                    .thenComparing(Stability::feature))
            .limit(topFeatures)
            .toList();
    return new Report(CRITERION, topFeatures, rankings, top);
  }

  private List<Training> folds() throws SQLException {
    double[] fold = table.numbers("fold");
    double[] label = table.numbers("label");
    int count = (int) Arrays.stream(fold).filter(f -> !Double.isNaN(f)).max().orElse(-1) + 1;
    List<Training> folds = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int excluded = i;
      int[] rows =
          IntStream.range(0, table.rows())
              .filter(row -> !Double.isNaN(fold[row]) && fold[row] != excluded)
              .toArray();
      folds.add(new Training(rows, Arrays.stream(rows).map(row -> (int) label[row]).toArray()));
    }
    return folds;
  }

  /** How far the feature alone separates the classes, in each fold. */
  private double[] separations(FeatureDefinition feature, List<Training> folds)
      throws SQLException {
    boolean numeric = feature.kind().equals("NUMERIC");
    double[] numbers = numeric ? table.numbers(feature.name()) : new double[0];
    int[] categories = numeric ? new int[0] : numbered(table.texts(feature.name()));
    double[] separations = new double[folds.size()];
    for (int i = 0; i < separations.length; i++) {
      Training fold = folds.get(i);
      double[] values = numeric ? imputed(numbers, fold.rows()) : shares(categories, fold);
      double separation = Math.abs(2 * RocAuc.of(values, fold.labels()) - 1);
      separations[i] = Double.isNaN(separation) ? 0 : separation;
    }
    return separations;
  }

  private static double[] imputed(double[] column, int[] rows) {
    double[] values = Arrays.stream(rows).mapToDouble(row -> column[row]).toArray();
    double[] present = Arrays.stream(values).filter(v -> !Double.isNaN(v)).sorted().toArray();
    double median = present.length == 0 ? 0 : present[present.length / 2];
    return Arrays.stream(values).map(v -> Double.isNaN(v) ? median : v).toArray();
  }

  private static double[] shares(int[] categories, Training fold) {
    int[] rows = fold.rows();
    double prior = Arrays.stream(fold.labels()).average().orElse(0);
    int count = Arrays.stream(categories).max().orElse(0) + 1;
    double[] seen = new double[count];
    double[] positives = new double[count];
    for (int i = 0; i < rows.length; i++) {
      seen[categories[rows[i]]]++;
      positives[categories[rows[i]]] += fold.labels()[i];
    }
    return Arrays.stream(rows)
        .map(row -> categories[row])
        .mapToDouble(c -> (positives[c] + SMOOTHING * prior) / (seen[c] + SMOOTHING))
        .toArray();
  }

  /** A number for each category; missing is 0, a category of its own. */
  private static int[] numbered(@Nullable String[] column) {
    Map<String, Integer> numbers = new HashMap<>();
    int[] numbered = new int[column.length];
    for (int i = 0; i < column.length; i++) {
      String value = column[i];
      numbered[i] = value == null ? 0 : number(value, numbers);
    }
    return numbered;
  }

  private static int number(String value, Map<String, Integer> numbers) {
    Integer known = numbers.putIfAbsent(value, numbers.size() + 1);
    return known == null ? numbers.size() : known;
  }
}
