package dev.mlhandoff.mos.monitoring;

import dev.mlhandoff.ml.drift.CategoricalReference;
import dev.mlhandoff.ml.drift.ColumnTest;
import dev.mlhandoff.ml.drift.Histogram;
import dev.mlhandoff.ml.drift.NumericReference;
import dev.mlhandoff.ml.table.Kind;
import dev.mlhandoff.ml.table.RawColumn;
import dev.mlhandoff.ml.table.RawTable;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a version was trained on, to compare windows of predictions with. */
public final class Reference {

  /** The subject of what is found of the probabilities. */
  public static final String SCORE = "(score)";

  private final List<RawColumn> columns;
  private final List<NumericReference> numeric = new ArrayList<>();
  private final List<CategoricalReference> categorical = new ArrayList<>();
  private final NumericReference score;

  /**
   * @param rows unfitted features
   * @param scores what the version answers to rows it was not trained on, in [0, 1]
   */
  public Reference(RawTable rows, double[] scores) {
    this.columns = rows.columns();
    for (RawColumn column : columns) {
      if (column.kind() == Kind.NUMERIC) {
        numeric.add(new NumericReference(column.name(), rows.numbers(column.name())));
      } else {
        categorical.add(new CategoricalReference(column.name(), rows.categories(column.name())));
      }
    }
    this.score = new NumericReference(SCORE, scores);
  }

  /** The features that are compared. */
  public List<RawColumn> columns() {
    return columns;
  }

  /**
   * Tests a window for changes of any feature or of the score.
   *
   * @param falseAlarmRate probability that anything is found in a window without a change
   */
  public WindowReport compare(Window window, double falseAlarmRate) {
    RawTable rows = window.table(columns);
    List<ColumnTest> tests = new ArrayList<>();
    SortedMap<String, Histogram> histograms = new TreeMap<>();
    for (NumericReference column : numeric) {
      double[] values = rows.numbers(column.column());
      tests.addAll(column.compare(values));
      histograms.put(column.column(), column.histogram(values));
    }
    for (CategoricalReference column : categorical) {
      var values = rows.categories(column.column());
      tests.addAll(column.compare(values));
      histograms.put(column.column(), column.histogram(values));
    }
    tests.addAll(score.compare(window.probabilities()));
    histograms.put(SCORE, score.histogram(window.probabilities()));
    return WindowReport.decide(window.rows(), tests, falseAlarmRate, histograms, new TreeMap<>());
  }
}
