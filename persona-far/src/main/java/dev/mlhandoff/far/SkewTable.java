package dev.mlhandoff.far;

import dev.mlhandoff.ml.drift.ColumnSkew;
import dev.mlhandoff.ml.drift.SkewReport;
import dev.mlhandoff.ml.drift.SkewReport.Column;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Training against current data, for people. */
final class SkewTable {

  /** Columns that are listed although nothing was found in them. */
  private static final int ALIKE = 5;

  private SkewTable() {}

  static String markdown(SkewReport report) {
    List<Column> skewed = report.skewed();
    StringBuilder text =
        new StringBuilder(
            ("\n## Training against current data\n\n%d rows that training sees, against %d that are"
                    + " served and that it does not see: %s of %d features %s skewed (a false alarm in"
                    + " any of them has a probability of %s at most). The skewed ones, then those"
                    + " nearest to it; all stand in `skew`.\n\n")
                .formatted(
                    report.trainingRows(),
                    report.currentRows(),
                    skewed.isEmpty() ? "none" : skewed.size(),
                    report.columns().size(),
                    skewed.size() > 1 ? "are" : "is",
                    percent(report.falseAlarmRate())));
    text.append(
        "| feature | verdict | stability index | by chance up to | missing in training | missing now |"
            + " unknown categories | to be expected |\n|---|---|---|---|---|---|---|---|\n");
    Stream.concat(
            skewed.stream(),
            report.columns().stream()
                .filter(column -> column.verdict() == SkewReport.Verdict.ALIKE)
                .sorted(Comparator.comparingDouble(SkewTable::nearness).reversed())
                .limit(ALIKE))
        .forEach(column -> text.append(row(column)));
    return text.toString();
  }

  private static String row(Column column) {
    ColumnSkew skew = column.skew();
    return "| %s | %s | %s | %s | %s | %s | %s | %s |%n"
        .formatted(
            skew.column(),
            column.findings().isEmpty()
                ? "alike"
                : "skewed: " + String.join(", ", column.findings()),
            skew.stabilityIndex() == null ? "" : number(skew.stabilityIndex()),
            skew.bound() == null ? "" : number(skew.bound()),
            percent(skew.missingInTraining()),
            percent(skew.missingNow()),
            percent(skew.unknownCategories()),
            percent(skew.expectedUnknown()));
  }

  private static double nearness(Column column) {
    Double index = column.skew().stabilityIndex();
    Double bound = column.skew().bound();
    return index == null || bound == null ? 0 : index / bound;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
