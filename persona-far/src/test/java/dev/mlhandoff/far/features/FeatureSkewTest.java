package dev.mlhandoff.far.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.StoredColumns;
import dev.mlhandoff.ml.drift.SkewReport;
import dev.mlhandoff.ml.drift.SkewReport.Verdict;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureSkewTest {

  @TempDir Path folder;

  @Test
  void holdsTheRowsOfTrainingAgainstTheOthers() throws Exception {
    try (DuckDb database = DuckDb.open(folder)) {
      // Every fifth row is not seen by training; there, one column is doubled and one mostly gone.
      database.execute(
          "CREATE TABLE features AS SELECT i % 5 = 0 AS holdout, md5_number_lower('a' || i) / 1e19 AS"
              + " steady, steady * CASE WHEN holdout THEN 2 ELSE 1 END AS doubled, CASE WHEN NOT holdout"
              + " OR i % 3 = 0 THEN steady END AS gone, CASE WHEN holdout AND i % 7 = 0 THEN 'new' ELSE"
              + " 'w' || i % 4 END AS word FROM range(3000) t(i)");
      SkewReport report =
          new FeatureSkew(new StoredColumns(database, "features"))
              .report(
                  List.of(
                      feature("steady", "NUMERIC"),
                      feature("doubled", "NUMERIC"),
                      feature("gone", "NUMERIC"),
                      feature("word", "CATEGORICAL")));

      assertThat(report.trainingRows()).isEqualTo(2400);
      assertThat(report.currentRows()).isEqualTo(600);
      assertThat(report.columns())
          .extracting(SkewReport.Column::verdict)
          .containsExactly(Verdict.ALIKE, Verdict.SKEWED, Verdict.SKEWED, Verdict.SKEWED);
      assertThat(report.columns().get(2).findings()).containsExactly("missing");
      assertThat(report.columns().get(2).skew().missingNow()).isEqualTo(400 / 600.0);
      assertThat(report.columns().get(3).skew().unknownCategories()).isEqualTo(86 / 600.0);
      assertThat(report.columns().get(3).skew().expectedUnknown()).isZero();
    }
  }

  private static FeatureDefinition feature(String name, String kind) {
    return new FeatureDefinition(name, kind, "", "", List.of("entities." + name));
  }
}
