package dev.mlhandoff.far.features;

import dev.mlhandoff.data.ParquetTable;
import dev.mlhandoff.ml.metrics.RocAuc;
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

  private final ParquetTable table;
  private final List<FeatureDefinition> features;

  public SelectionStability(ParquetTable table, List<FeatureDefinition> features) {
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

  /** Ranks in every fold. */
  public Report report(int topFeatures) {
    double[] fold = table.numbers("fold");
    int folds = (int) Arrays.stream(fold).filter(f -> !Double.isNaN(f)).max().orElse(-1) + 1;
    List<FoldRanking> rankings = new ArrayList<>();
    Map<String, Integer> kept = new HashMap<>();
    Map<String, Double> sum = new HashMap<>();
    for (int current = 0; current < folds; current++) {
      int excluded = current;
      int[] rows =
          IntStream.range(0, table.rows())
              .filter(i -> !Double.isNaN(fold[i]) && fold[i] != excluded)
              .toArray();
      List<Score> scores = rank(rows);
      scores.forEach(score -> sum.merge(score.feature(), score.score(), Double::sum));
      List<Score> best = List.copyOf(scores.subList(0, Math.min(topFeatures, scores.size())));
      best.forEach(score -> kept.merge(score.feature(), 1, Integer::sum));
      rankings.add(new FoldRanking(current, rows.length, best));
    }
    List<Stability> top =
        kept.entrySet().stream()
            .map(
                entry ->
                    new Stability(
                        entry.getKey(),
                        (double) entry.getValue() / folds,
                        sum.getOrDefault(entry.getKey(), 0.0) / folds))
            .sorted(
                Comparator.comparingDouble(Stability::share)
                    .thenComparingDouble(Stability::meanScore)
                    .reversed()
                    .thenComparing(Stability::feature))
            .limit(topFeatures)
            .toList();
    return new Report(CRITERION, topFeatures, rankings, top);
  }

  private List<Score> rank(int[] rows) {
    double[] label = table.numbers("label");
    int[] labels = Arrays.stream(rows).map(row -> (int) label[row]).toArray();
    List<Score> scores = new ArrayList<>();
    for (FeatureDefinition feature : features) {
      double[] values =
          feature.kind().equals("NUMERIC")
              ? numbers(table.numbers(feature.name()), rows)
              : shares(table.texts(feature.name()), rows, labels);
      double separation = Math.abs(2 * RocAuc.of(values, labels) - 1);
      scores.add(new Score(feature.name(), Double.isNaN(separation) ? 0 : separation));
    }
    scores.sort(Comparator.comparingDouble(Score::score).reversed().thenComparing(Score::feature));
    return scores;
  }

  private static double[] numbers(double[] column, int[] rows) {
    double[] values = Arrays.stream(rows).mapToDouble(row -> column[row]).toArray();
    double[] present = Arrays.stream(values).filter(v -> !Double.isNaN(v)).sorted().toArray();
    double median = present.length == 0 ? 0 : present[present.length / 2];
    return Arrays.stream(values).map(v -> Double.isNaN(v) ? median : v).toArray();
  }

  private static double[] shares(@Nullable String[] column, int[] rows, int[] labels) {
    double prior = Arrays.stream(labels).average().orElse(0);
    Map<String, double[]> counts = new HashMap<>();
    for (int i = 0; i < rows.length; i++) {
      double[] count = counts.computeIfAbsent(category(column[rows[i]]), key -> new double[2]);
      count[0]++;
      count[1] += labels[i];
    }
    return Arrays.stream(rows)
        .mapToObj(row -> counts.getOrDefault(category(column[row]), new double[2]))
        .mapToDouble(count -> (count[1] + SMOOTHING * prior) / (count[0] + SMOOTHING))
        .toArray();
  }

  /** Missing is a category of its own. */
  private static String category(@Nullable String value) {
    return value == null ? "missing" : "=" + value;
  }
}
