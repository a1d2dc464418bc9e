package dev.mlhandoff.gate.governance;

import java.util.List;
import java.util.Map;

/** Judges what the data pipeline's checks saw. */
public final class DataQuality {

  private static final String EVIDENCE = "data_pipeline/data-quality";

  private DataQuality() {}

  /** One check of the data pipeline. */
  public record Check(String name, boolean hard, boolean passed, String observed) {}

  /** Fails where a hard check failed, or where there was none at all. */
  public static Finding hardChecks(List<Check> checks) {
    if (checks.isEmpty()) {
      return Finding.of(CheckIds.DATA_QUALITY, false, "no data-quality check was run", EVIDENCE);
    }
    return finding(CheckIds.DATA_QUALITY, checks.stream().filter(Check::hard).toList());
  }

  /** Fails where a check that only warns failed. */
  public static Finding warnings(List<Check> checks) {
    return finding(
        CheckIds.DATA_QUALITY_WARNINGS, checks.stream().filter(check -> !check.hard()).toList());
  }

  private static Finding finding(String id, List<Check> checks) {
    List<String> failed =
        checks.stream()
            .filter(check -> !check.passed())
            .map(check -> check.name() + ": " + check.observed())
            .toList();
    return Finding.of(
        id,
        failed.isEmpty(),
        failed.isEmpty()
            ? "%d of %d checks passed".formatted(checks.size(), checks.size())
            : String.join("; ", failed),
        Map.of("checks", (double) checks.size(), "failed", (double) failed.size()),
        EVIDENCE);
  }
}
