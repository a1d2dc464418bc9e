package dev.mlhandoff.por;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.DuckDb;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two public datasets that have nothing in common, each expressed by a short catalog entry. */
class RealDatasetsTest {

  private static final String TELCO = "WA_Fn-UseC_-Telco-Customer-Churn.csv";
  private static final String CDNOW = "CDNOW_master.txt";

  private static final String CATALOG =
      """
      datasets:
        telco:
          entities: {file: WA_Fn-UseC_-Telco-Customer-Churn.csv}
          entityKey: customerID
          protectedColumns: [gender, SeniorCitizen]
          targets:
            churned: {column: Churn, positive: 'Yes'}
        cdnow:
          events:
            file: CDNOW_master.txt
            columns: [customer_id, date, number_of_cds, dollar_value]
            dateFormat: '%Y%m%d'
          entityKey: customer_id
          eventTime: date
          amount: dollar_value
          asOf: 1997-09-30
          targets:
            inactive: {inactiveDays: 273}
      """;

  @TempDir Path folder;

  @Test
  void readsTelcoWithItsBlankTotals() throws Exception {
    assumeTrue(PipelineBench.realDataset(TELCO, folder).isPresent(), TELCO + " is not at hand");
    try (PipelineBench bench = new PipelineBench(folder)) {
      bench.run(CATALOG, "telco", "churned");
      DuckDb database = bench.database();

      assertThat(database.count("dataset")).isEqualTo(7043);
      assertThat(database.number("SELECT sum(label) FROM labelled")).isEqualTo(1869);
      assertThat(database.columns("dataset")).contains(new ColumnInfo("TotalCharges", "DOUBLE"));
      assertThat(database.number("SELECT count(*) FROM dataset WHERE \"TotalCharges\" IS NULL"))
          .isEqualTo(11);
      assertThat(database.columns("dataset")).extracting(ColumnInfo::name).doesNotContain("Churn");
      assertThat(database.count("quarantine")).isZero();
    }
  }

  @Test
  void holdsOutOneFifthAndStratifiesTheFolds() throws Exception {
    assumeTrue(PipelineBench.realDataset(TELCO, folder).isPresent(), TELCO + " is not at hand");
    try (PipelineBench bench = new PipelineBench(folder)) {
      bench.run(CATALOG, "telco", "churned");
      DuckDb database = bench.database();

      // floor(0.2 * 1869) + floor(0.2 * 5174)
      assertThat(database.count("holdout_labels")).isEqualTo(373 + 1034);
      assertThat(
              database.number(
                  "SELECT count(*) FROM dataset WHERE holdout <> (label IS NULL) OR holdout <>"
                      + " (fold IS NULL)"))
          .isZero();
      List<String> positives =
          database.texts("SELECT sum(label) FROM dataset WHERE NOT holdout GROUP BY fold");
      assertThat(positives).hasSize(5).allSatisfy(n -> assertThat(n).isIn("299", "300"));
    }
  }

  @Test
  void derivesCdnowCustomersAndInactivityFromPurchases() throws Exception {
    assumeTrue(PipelineBench.realDataset(CDNOW, folder).isPresent(), CDNOW + " is not at hand");
    try (PipelineBench bench = new PipelineBench(folder)) {
      bench.run(CATALOG, "cdnow", "inactive");
      DuckDb database = bench.database();

      assertThat(database.count("events_raw")).isEqualTo(69_659);
      assertThat(database.count("dataset")).isEqualTo(23_570);
      assertThat(database.number("SELECT count(*) FROM dataset WHERE entity_key = '00001'"))
          .isEqualTo(1);
      // Equal orders on one day are different orders: no event key is declared.
      assertThat(database.count("events_valid")).isEqualTo(69_659);
      assertThat(database.number("SELECT count(*) FROM events WHERE amount = 0")).isPositive();
      assertThat(
              database.number(
                  "SELECT count(*) FROM events WHERE event_time >= TIMESTAMP '1997-10-01'"))
          .isZero();
      assertThat(database.columns("events"))
          .contains(
              new ColumnInfo("amount", "DECIMAL(18,4)"), new ColumnInfo("number_of_cds", "BIGINT"));
      long active =
          database.number(
              "SELECT count(DISTINCT customer_id) FROM events_raw WHERE date >= '19971001'");
      assertThat(database.number("SELECT sum(label) FROM labelled")).isEqualTo(23_570 - active);
    }
  }

  @Test
  void writesEqualBytesForEqualData() throws Exception {
    assumeTrue(PipelineBench.realDataset(TELCO, folder).isPresent(), TELCO + " is not at hand");
    Path first = folder.resolve("first.parquet");
    Path second = folder.resolve("second.parquet");
    for (Path file : List.of(first, second)) {
      try (PipelineBench bench = new PipelineBench(folder)) {
        bench.run(CATALOG, "telco", "churned");
        bench.database().writeParquet("SELECT * FROM dataset", file);
      }
    }
    assertThat(first).hasSameBinaryContentAs(second);
  }
}
