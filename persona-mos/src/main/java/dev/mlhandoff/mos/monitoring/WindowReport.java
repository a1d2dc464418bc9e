package dev.mlhandoff.mos.monitoring;

import dev.mlhandoff.ml.drift.ColumnTest;
import dev.mlhandoff.ml.drift.Histogram;
import dev.mlhandoff.ml.drift.Holm;
import dev.mlhandoff.mos.monitoring.Finding.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The judgement of one window.
 *
 * @param rows rows that were tested; an entity counts once a window
 * @param tests every test, whatever it found
 * @param findings what the tests found, over all of them together at the stated false-alarm rate
 * @param histograms by subject; empty for a window of outcomes
 * @param statistics further figures, by name
 */
public record WindowReport(
    int rows,
    List<ColumnTest> tests,
    List<Finding> findings,
    SortedMap<String, Histogram> histograms,
    SortedMap<String, Double> statistics) {

  public WindowReport {
    tests = List.copyOf(tests);
    findings = List.copyOf(findings);
  }

  /**
   * Decides by Holm's procedure over all tests.
   *
   * @param falseAlarmRate probability that a window like training has any finding
   */
  static WindowReport decide(
      int rows,
      List<ColumnTest> tests,
      double falseAlarmRate,
      SortedMap<String, Histogram> histograms,
      SortedMap<String, Double> statistics) {
    boolean[] rejected =
        Holm.rejected(tests.stream().mapToDouble(ColumnTest::pValue).toArray(), falseAlarmRate);
    Map<String, List<ColumnTest>> found = new LinkedHashMap<>();
    for (int i = 0; i < rejected.length; i++) {
      if (rejected[i]) {
        ColumnTest test = tests.get(i);
        found.computeIfAbsent(kind(test) + "/" + test.column(), key -> new ArrayList<>()).add(test);
      }
    }
    List<Finding> findings =
        found.values().stream()
            .map(of -> new Finding(kind(of.get(0)), of.get(0).column(), of))
            .toList();
    return new WindowReport(rows, tests, findings, histograms, statistics);
  }

  /** What this window found and the one before it found as well. */
  public List<Finding> confirmed(WindowReport before) {
    return findings.stream()
        .filter(finding -> before.findings.stream().anyMatch(finding::repeats))
        .toList();
  }

  /** The highest statistic of each kind of test. */
  public SortedMap<String, Double> highest() {
    SortedMap<String, Double> highest = new TreeMap<>();
    tests.forEach(test -> highest.merge(test.test(), test.statistic(), Math::max));
    return highest;
  }

  private static Kind kind(ColumnTest test) {
    return switch (test.test()) {
      case "missing", "unseen" -> Kind.DATA_QUALITY;
      case "auc", "brier" -> Kind.QUALITY;
      default -> Kind.DRIFT;
    };
  }
}
