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

  @Test
  void leavesThemOutOfCdnow() throws Exception {
    assertUseless(
        RealDataset.CDNOW,
        "SELECT *, md5_number_lower('a' || row_number) / 1e19 AS noise, 'w' ||"
            + " md5_number_lower('b' || row_number) %% 40 AS noise_word, 'row ' || row_number AS"
            + " row_name, 7 AS constant, dollar_value + md5_number_lower('c' || row_number) / 1e19 AS"
            + " nearly_same FROM (SELECT *, row_number() OVER (ORDER BY customer_id, date,"
            + " dollar_value, number_of_cds) AS row_number FROM (%s))");
  }

  private void assertUseless(RealDataset dataset, String rows) throws Exception {
    CrossValidation before = CrossValidation.of(dataset.features(folder).training(), 50, FAMILIES);
    CrossValidation after =
        CrossValidation.of(dataset.features(folder, rows).training(), 50, FAMILIES);

    // Columns of events are aggregated: noise_sum, noise_word_distinct.
    assertThat(after.selected()).noneMatch(source -> USELESS.stream().anyMatch(source::startsWith));
    for (String family : FAMILIES) {
      assertThat(after.auc(family)).as(family).isGreaterThanOrEqualTo(before.auc(family) - 0.003);
    }
  }
}
