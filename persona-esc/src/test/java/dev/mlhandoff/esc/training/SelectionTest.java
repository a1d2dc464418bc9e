package dev.mlhandoff.esc.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The simplest family within one standard error of the best mean. */
class SelectionTest {

  /** Spread 0.02 over four folds: one standard error is 0.01. */
  private static final double SPREAD = 0.02;

  @Test
  void theSimplestWithinOneStandardErrorOfTheBestIsSelected() {
    Selection selection =
        Selection.of(
            List.of(
                entry("gradient_boosting", 0.800),
                entry("random_forest", 0.795),
                entry("logistic_regression", 0.7901)));

    assertThat(selection.position()).isEqualTo(2);
    assertThat(selection.justification().get(0))
        .contains("0.8000 (gradient_boosting)", "standard error of 0.0100 over 4 folds");
    assertThat(selection.justification().get(1))
        .contains("logistic_regression reaches 0.7901, within one standard error (0.7900)");
  }

  @Test
  void whatIsSimplerButFurtherAwayIsNot() {
    Selection selection =
        Selection.of(
            List.of(entry("gradient_boosting", 0.800), entry("logistic_regression", 0.7899)));

    assertThat(selection.position()).isZero();
    assertThat(selection.justification().get(1))
        .isEqualTo(
            "No simpler family reaches 0.7900, one standard error below it, so gradient_boosting"
                + " is selected.");
  }

  @Test
  void ofOneFamilyTheBestIsSelected() {
    assertThat(
            Selection.of(
                    List.of(
                        entry("lightgbm", 0.800),
                        entry("lightgbm", 0.799),
                        entry("random_forest", 0.798)))
                .position())
        .isZero();
  }

  private static LeaderboardEntry entry(String family, double mean) {
    return new LeaderboardEntry(
        family,
        family,
        new TreeMap<>(),
        LeaderboardEntry.Status.COMPLETED,
        List.of(mean, mean, mean, mean),
        mean,
        SPREAD,
        new TreeMap<>(),
        null,
        null,
        null,
        null);
  }
}
