package dev.mlhandoff.far.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.StoredColumns;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelectionStabilityTest {

  private static final List<FeatureDefinition> FEATURES =
      List.of(
          new FeatureDefinition("exact", "NUMERIC", "", "", List.of("entities.exact")),
          new FeatureDefinition("useless", "NUMERIC", "", "", List.of("entities.useless")),
          new FeatureDefinition("plan", "CATEGORICAL", "", "", List.of("entities.plan")));

  /** Eight training rows in two folds, labels alternating; plan x holds 3 of 4 positives. */
  private static final String ROWS =
      "(1, 0, 0, 5.0, 'x'), (0, 0, 1, 5.0, 'y'), (1, 0, 2, 5.0, 'x'), (0, 0, 3, 5.0, 'y'),"
          + "(1, 1, 0, 5.0, 'x'), (0, 1, 1, 5.0, 'y'), (1, 1, 2, 5.0, 'y'), (0, 1, 3, 5.0, 'x')";

  @TempDir Path folder;

  @Test
  void ranksEachFoldOnItsTrainingRowsAlone() throws SQLException {
    SelectionStability.Report report = report(ROWS, "", 2);
    assertThat(report.folds())
        .extracting(SelectionStability.FoldRanking::trainingRows)
        .containsExactly(4, 4);
    // Without fold 0, plan has one positive and one negative each: no separation. Without fold 1,
    // x is always positive.
    assertThat(score(report, 0, "plan")).isEqualTo(0);
    assertThat(score(report, 1, "plan")).isCloseTo(1, within(1e-12));
    assertThat(report.top())
        .first()
        .satisfies(
            best -> {
              assertThat(best.feature()).isEqualTo("exact");
              assertThat(best.share()).isEqualTo(1);
              assertThat(best.meanScore()).isCloseTo(1, within(1e-12));
            });
  }

  @Test
  void isNotChangedByTheHoldout() throws SQLException {
    SelectionStability.Report without = report(ROWS, "", 3);
    SelectionStability.Report with = report(ROWS, ", (NULL, NULL, 7, 100.0, 'z')", 3);
    assertThat(with).isEqualTo(without);
  }

  private static double score(SelectionStability.Report report, int fold, String feature) {
    return report.folds().get(fold).ranking().stream()
        .filter(score -> score.feature().equals(feature))
        .mapToDouble(SelectionStability.Score::score)
        .findFirst()
        .orElse(0);
  }

  private SelectionStability.Report report(String rows, String more, int top) throws SQLException {
    try (DuckDb database = DuckDb.open(folder)) {
      database.execute(
          "CREATE TABLE features AS SELECT label, fold, CASE WHEN label = 1 THEN 9.0 - i ELSE -i END::DOUBLE AS exact,"
              + " useless::DOUBLE AS useless, plan FROM (VALUES "
              + rows
              + more
              + ") t(label, fold, i, useless, plan)");
      return new SelectionStability(new StoredColumns(database, "features"), FEATURES).report(top);
    }
  }
}
