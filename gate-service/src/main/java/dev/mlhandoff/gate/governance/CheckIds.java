package dev.mlhandoff.gate.governance;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** The ids of the checks, as they stand in policies, reports and events. */
public final class CheckIds {

  public static final String ARTIFACTS_VERIFIED = "artifacts-verified";
  public static final String NO_PERSONAL_DATA = "no-personal-data-in-features";
  public static final String LINEAGE_COMPLETE = "lineage-complete";
  public static final String DATA_QUALITY = "data-quality-passed";
  public static final String DATA_QUALITY_WARNINGS = "data-quality-warnings";
  public static final String LEAK_ALARMS = "leak-alarms-resolved";
  public static final String EQUAL_OPPORTUNITY = "equal-opportunity";
  public static final String SELECTION_RATES = "selection-rate-ratio";
  public static final String GROUP_AUC = "group-auc";
  public static final String REPRODUCIBLE = "reproducible";
  public static final String DOCUMENTED = "documentation-complete";

  /** Every check. */
  public static final SortedSet<String> ALL =
      java.util.Collections.unmodifiableSortedSet(
          new TreeSet<>(
              List.of(
                  ARTIFACTS_VERIFIED,
                  NO_PERSONAL_DATA,
                  LINEAGE_COMPLETE,
                  DATA_QUALITY,
                  DATA_QUALITY_WARNINGS,
                  LEAK_ALARMS,
                  EQUAL_OPPORTUNITY,
                  SELECTION_RATES,
                  GROUP_AUC,
                  REPRODUCIBLE,
                  DOCUMENTED)));

  private CheckIds() {}
}
