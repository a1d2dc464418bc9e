package dev.mlhandoff.far.features;

import dev.mlhandoff.data.StoredColumns;
import dev.mlhandoff.ml.drift.CategoricalReference;
import dev.mlhandoff.ml.drift.ColumnSkew;
import dev.mlhandoff.ml.drift.NumericReference;
import dev.mlhandoff.ml.drift.SkewReport;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Whether the rows that training sees are like those that are served and that it does not see. Only
 * one feature's values are in memory at a time.
 */
public final class FeatureSkew {

  /** Probability that any feature of a run is called skewed without being so. */
  private static final double FALSE_ALARM_RATE = 0.01;

  /** More rows on a side tell nothing more, and are spread evenly over the table. */
  private static final int MOST_ROWS = 50_000;

  private final StoredColumns table;

  /**
   * @param table holds {@code holdout} and the features, a row an entity
   */
  public FeatureSkew(StoredColumns table) {
    this.table = table;
  }

  /** The report on the features, in their order. */
  public SkewReport report(List<FeatureDefinition> features) throws SQLException {
    double[] holdout = table.numbers("holdout");
    int[] training = rows(holdout, 0);
    int[] current = rows(holdout, 1);
    // What a single column's index is held against, so that the bounds hold for all of them.
    double probability = FALSE_ALARM_RATE / Math.max(1, features.size());
    List<ColumnSkew> skews = new ArrayList<>();
    for (FeatureDefinition feature : features) {
      skews.add(
          feature.kind().equals("NUMERIC")
              ? numeric(feature.name(), training, current, probability)
              : categorical(feature.name(), training, current, probability));
    }
    return SkewReport.decide(FALSE_ALARM_RATE, training.length, current.length, skews);
  }

  private ColumnSkew numeric(String name, int[] training, int[] current, double probability)
      throws SQLException {
    double[] values = table.numbers(name);
    return ColumnSkew.of(
        new NumericReference(name, picked(values, training)), picked(values, current), probability);
  }

  private ColumnSkew categorical(String name, int[] training, int[] current, double probability)
      throws SQLException {
    @Nullable String[] values = table.texts(name);
    return ColumnSkew.of(
        new CategoricalReference(name, picked(values, training)),
        picked(values, current),
        probability);
  }

  private static double[] picked(double[] values, int[] rows) {
    return Arrays.stream(rows).mapToDouble(row -> values[row]).toArray();
  }

  private static @Nullable String[] picked(@Nullable String[] values, int[] rows) {
    @Nullable String[] picked = new @Nullable String[rows.length];
    for (int i = 0; i < rows.length; i++) {
      picked[i] = values[rows[i]];
    }
    return picked;
  }

  private static int[] rows(double[] holdout, double wanted) {
    int[] all = IntStream.range(0, holdout.length).filter(row -> holdout[row] == wanted).toArray();
    return all.length <= MOST_ROWS
        ? all
        : IntStream.range(0, MOST_ROWS)
            .map(i -> all[(int) ((long) i * all.length / MOST_ROWS)])
            .toArray();
  }
}
