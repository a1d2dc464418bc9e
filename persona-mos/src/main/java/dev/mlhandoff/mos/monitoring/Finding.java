package dev.mlhandoff.mos.monitoring;

import dev.mlhandoff.ml.drift.ColumnTest;
import java.util.List;

/**
 * Something of which a window certainly differs from training.
 *
 * @param subject a feature, {@link Reference#SCORE} or {@link QualityReference#QUALITY}
 * @param tests those that found it
 */
public record Finding(Kind kind, String subject, List<ColumnTest> tests) {

  public Finding {
    tests = List.copyOf(tests);
  }

  /** What changed. */
  public enum Kind {
    /** The distribution of a feature, or of the score. */
    DRIFT,
    /** The share of missing values, or of values that training never saw. */
    DATA_QUALITY,
    /** How well the predictions fit the true outcomes. */
    QUALITY
  }

  /** Whether both are about the same, seen at different times. */
  boolean repeats(Finding earlier) {
    return kind == earlier.kind && subject.equals(earlier.subject);
  }

  /** In one line, for people. */
  public String describe() {
    StringBuilder text = new StringBuilder(subject).append(": ");
    for (int i = 0; i < tests.size(); i++) {
      ColumnTest test = tests.get(i);
      text.append(i == 0 ? "" : ", ")
          .append("%s %.4f (p %.2g)".formatted(test.test(), test.statistic(), test.pValue()));
    }
    return text.toString();
  }
}
