package dev.mlhandoff.e2e.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns that tell nothing new are not selected in any fold, and cost nothing. */
class UselessColumnsTest {

  private static final List<String> FAMILIES = List.of("logistic_regression", "gradient_boosting");
  private static final List<String> USELESS =
      List.of("noise", "noise_word", "row_number", "row_name", "constant", "nearly_same");

  @TempDir Path folder;

  @Test
  void leavesThemOutOfTelco() throws Exception {
    assertUseless(
        RealDataset.TELCO,
        "SELECT *, md5_number_lower('a' || \"customerID\") / 1e19 AS noise, 'w' ||"
            + " md5_number_lower('b' || \"customerID\") %% 40 AS noise_word, row_number() OVER (ORDER"
            + " BY \"customerID\") AS row_number, 'row ' || \"customerID\" AS row_name, 7 AS constant,"
            + " \"MonthlyCharges\" + md5_number_lower('c' || \"customerID\") / 1e19 AS nearly_same"
            + " FROM (%s)");
  }

  private void assertUseless(RealDataset dataset, String rows) throws Exception {
    CrossValidation before = CrossValidation.of(dataset.features(folder).training(), 50, FAMILIES);
    CrossValidation after =
        CrossValidation.of(dataset.features(folder, rows).training(), 50, FAMILIES);

    assertThat(after.selected()).doesNotContainAnyElementsOf(USELESS);
    for (String family : FAMILIES) {
      assertThat(after.auc(family)).as(family).isGreaterThanOrEqualTo(before.auc(family) - 0.003);
    }
  }
}
