package dev.mlhandoff.e2e.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.ParquetTable;
import dev.mlhandoff.far.features.FeatureDefinition;
import dev.mlhandoff.ml.metrics.RocAuc;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A generated table of 50 columns, half of them categories, that nobody described: missing values
 * coded as {@code ?}, blanks and sentinel numbers. The label depends on income, region and score.
 */
class WideDirtyTableTest {

  private static final String CATALOG =
      """
      datasets:
        wide:
          entities: {file: wide.csv}
          entityKey: id
          targets:
            defaulted: {column: defaulted, positive: '1'}
      """;

  private static final String PROBABILITY =
      "1 / (1 + exp(-(2.5 - 8 * u(i, 2) + 3 * u(i, 6) + CASE WHEN u(i, 4) < 0.5 THEN 1 ELSE -1"
          + " END)))";

  /** A uniform number of a row: {@code u(row, which)}. */
  private static final String UNIFORM = "u\\(i, (\\d+)\\)";

  private static final String HASHED = "(md5_number_lower('$1|' || i) / 18446744073709551616)";

  @TempDir Path folder;

  @Test
  void worksWithoutAWordOfConfiguration() throws Exception {
    FeatureTable table =
        FeatureTable.build(folder, CATALOG, "wide", "defaulted", "%s", unused -> query());
    CrossValidation reached =
        CrossValidation.of(table.training(), 50, List.of("logistic_regression"));

    // What is missing costs something; what was never told cannot be known.
    double oracle = oracle();
    assertThat(reached.auc("logistic_regression")).isBetween(oracle - 0.05, oracle + 0.005);
    assertThat(reached.selected()).contains("income", "region", "score");
    assertThat(definition(table, "income").description()).contains("-999", "missing");
    assertThat(definition(table, "score"))
        .satisfies(
            score -> {
              assertThat(score.kind()).isEqualTo("NUMERIC");
              assertThat(score.description()).contains("text");
            });
    assertThat(table.leftOut()).containsExactlyInAnyOrder("row_number", "comment");
  }

  private static FeatureDefinition definition(FeatureTable table, String name) {
    return table.definitions().stream()
        .filter(d -> d.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** 3,000 rows; everything is a function of the row number, so that each run sees the same. */
  private static String query() {
    StringBuilder more = new StringBuilder();
    for (int i = 0; i < 22; i++) {
      more.append(
          ", CASE WHEN u(i, %d) < 0.1 THEN '?' ELSE 'c' || floor(u(i, %d) * %d) END AS word_%d"
              .formatted(100 + i, 200 + i, 3 + 9 * i, i));
    }
    for (int i = 0; i < 22; i++) {
      more.append(
          ", CASE WHEN u(i, %d) < 0.05 THEN 9999 ELSE round(100 * u(i, %d), 2) END AS number_%d"
              .formatted(300 + i, 400 + i, i));
    }
    return ("SELECT 'k' || i AS id, 1000 + i AS row_number, 'comment ' || i AS comment, CASE WHEN"
            + " u(i, 1) < 0.1 THEN -999 ELSE round(20 + 60 * u(i, 2)) END AS income, CASE WHEN u(i,"
            + " 3) < 0.05 THEN '  ' WHEN u(i, 4) < 0.5 THEN 'north' ELSE 'south' END AS region, CASE"
            + " WHEN u(i, 5) < 0.1 THEN '?' WHEN u(i, 5) < 0.15 THEN '' ELSE CAST(round(10 * u(i,"
            + " 6), 1) AS VARCHAR) END AS score"
            + more
            + ", CAST(u(i, 7) < "
            + PROBABILITY
            + " AS INTEGER) AS defaulted FROM (SELECT range AS i FROM range(3000))")
        .replaceAll(UNIFORM, HASHED);
  }

  /** What the true probability would score. */
  private double oracle() throws Exception {
    Path file = folder.resolve("oracle.parquet");
    try (DuckDb database = DuckDb.open(folder)) {
      database.writeParquet(
          ("SELECT " + PROBABILITY + " AS p, CAST(u(i, 7) < " + PROBABILITY + " AS INTEGER) AS y")
                  .replaceAll(UNIFORM, HASHED)
              + " FROM (SELECT range AS i FROM range(3000))",
          file);
    }
    ParquetTable table = ParquetTable.read(file);
    return RocAuc.of(
        table.numbers("p"), Arrays.stream(table.numbers("y")).mapToInt(y -> (int) y).toArray());
  }
}
