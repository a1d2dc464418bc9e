package dev.mlhandoff.ml.drift;

import java.util.ArrayList;
import java.util.List;

/**
 * Training against current data, column by column.
 *
 * @param falseAlarmRate probability that any column is called skewed without a change, at most
 * @param columns in the order of the features
 */
public record SkewReport(
    double falseAlarmRate, int trainingRows, int currentRows, List<Column> columns) {

  public SkewReport {
    columns = List.copyOf(columns);
  }

  /** What is said of a column. */
  public enum Verdict {
    ALIKE,
    SKEWED,
    /** There is nothing in it that could be compared. */
    UNTESTED
  }

  /**
   * One column.
   *
   * @param findings the tests that were not passed
   */
  public record Column(ColumnSkew skew, Verdict verdict, List<String> findings) {

    public Column {
      findings = List.copyOf(findings);
    }
  }

  /** Decides by Holm's procedure over all tests of all columns. */
  public static SkewReport decide(
      double falseAlarmRate, int trainingRows, int currentRows, List<ColumnSkew> skews) {
    boolean[] rejected =
        Holm.rejected(
            skews.stream()
                .flatMap(skew -> skew.tests().stream())
                .mapToDouble(ColumnTest::pValue)
                .toArray(),
            falseAlarmRate);
    List<Column> columns = new ArrayList<>();
    int place = 0;
    for (ColumnSkew skew : skews) {
      List<String> findings = new ArrayList<>();
      for (ColumnTest test : skew.tests()) {
        if (rejected[place++]) {
          findings.add(test.test());
        }
      }
      Verdict verdict =
          skew.tests().isEmpty()
              ? Verdict.UNTESTED
              : findings.isEmpty() ? Verdict.ALIKE : Verdict.SKEWED;
      columns.add(new Column(skew, verdict, findings));
    }
    return new SkewReport(falseAlarmRate, trainingRows, currentRows, columns);
  }

  /** The columns that are not alike. */
  public List<Column> skewed() {
    return columns.stream().filter(column -> column.verdict() == Verdict.SKEWED).toList();
  }
}
