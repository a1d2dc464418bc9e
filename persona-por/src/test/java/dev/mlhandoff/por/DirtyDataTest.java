package dev.mlhandoff.por;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.catalog.Check;
import dev.mlhandoff.data.catalog.Dataset;
import dev.mlhandoff.data.catalog.DatasetCatalog;
import dev.mlhandoff.por.pipeline.CheckResult;
import dev.mlhandoff.por.pipeline.ColumnLineage;
import dev.mlhandoff.por.pipeline.DataRejectedException;
import dev.mlhandoff.por.pipeline.DatasetDescriber;
import dev.mlhandoff.por.pipeline.DatasetDescription;
import dev.mlhandoff.por.pipeline.QualityChecks;
import dev.mlhandoff.runtime.TransientException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the pipeline does with the dirt of real tables, and when it refuses. */
class DirtyDataTest {

  private static final String CATALOG =
      """
      datasets:
        shop:
          entities: {file: customers.csv}
          events: {file: orders.csv}
          entityKey: id
          eventKey: order_id
          eventTime: at
          amount: paid
          asOf: 2025-09-30
          pii: [email]
          spellings:
            region: {North: [north, ' NORTH ']}
          targets:
            gone: {inactiveDays: 30}
            cancelled: {column: cancelled, positive: 'Yes'}
          checks:
            - {on: entities, column: age, min: 0, max: 120, severity: HARD}
      """;

  @TempDir Path folder;

  /** 60 customers, 001 to 060; the first 30 buy again in October. */
  private void write(String moreCustomers, String moreOrders) throws Exception {
    StringBuilder customers = new StringBuilder("id,email,region,age,cancelled\n");
    StringBuilder orders = new StringBuilder("order_id,id,at,paid\n");
    for (int i = 1; i <= 60; i++) {
      customers.append(
          "%03d,c%d@example.org,%s,%d,%s%n"
              .formatted(i, i, i % 2 == 0 ? "north" : " NORTH ", i, i % 3 == 0 ? "Yes" : "No"));
      orders.append("s%d,%03d,2025-09-10 12:00:00,10.50%n".formatted(i, i));
      if (i <= 30) {
        orders.append("o%d,%03d,2025-10-15 12:00:00,7.25%n".formatted(i, i));
      }
    }
    Files.writeString(folder.resolve("customers.csv"), customers + moreCustomers);
    Files.writeString(folder.resolve("orders.csv"), orders + moreOrders);
  }

  @Test
  void putsUnusableRowsAsideWithTheirReason() throws Exception {
    write(
        "001,again@example.org,north,1,No\n",
        """
        s1,001,2025-09-10 12:00:00,10.50
        x1,999,2025-09-01 00:00:00,1
        x2,002,2026-05-01 00:00:00,1
        """);
    try (PipelineBench bench = new PipelineBench(folder)) {
      bench.run(CATALOG, "shop", "gone");

      assertThat(bench.database().texts("SELECT source || ' ' || reason FROM quarantine"))
          .containsExactly(
              "entities DUPLICATE_ENTITY",
              "events DUPLICATE_EVENT",
              "events TIME_IN_THE_FUTURE",
              "events UNKNOWN_ENTITY");
      assertThat(bench.database().count("dataset")).isEqualTo(60);
    }
  }

  /** One line with a comma too many must not cost the columns of all others. */
  @Test
  void putsLinesThatAreNoRowsAsideWithoutTheirContent() throws Exception {
    write("061,c61@example.org,south, west,61,No\n062,c62@example.org\n", "x1,001\n");
    try (PipelineBench bench = new PipelineBench(folder)) {
      bench.run(CATALOG, "shop", "gone");

      assertThat(
              bench
                  .database()
                  .texts("SELECT source || ' ' || reason || ' ' || row FROM quarantine"))
          .containsExactly(
              "entities UNREADABLE_ROW {'line': 62, 'problem': too many columns}",
              "entities UNREADABLE_ROW {'line': 63, 'problem': missing columns}",
              "events UNREADABLE_ROW {'line': 92, 'problem': missing columns}");
      assertThat(bench.database().count("dataset")).isEqualTo(60);
      Dataset shop = DatasetCatalog.read(folder.resolve("catalog.yml")).find("shop").orElseThrow();
      assertThat(QualityChecks.run(bench.database(), shop))
          .filteredOn(check -> !check.passed())
          .extracting(CheckResult::check, CheckResult::severity, CheckResult::observed)
          .containsExactly(
              tuple("entities can be read", Check.Severity.WARN.name(), "2 rows cannot"),
              tuple("events can be read", Check.Severity.WARN.name(), "1 rows cannot"));
    }
  }

  @Test
  void rejectsAFileWithTooManySuchLines() throws Exception {
    write("061,south,61,No,no,no\n".repeat(7), "");
    assertRejected(
        CATALOG,
        "CORRUPT_SOURCE",
        "7 of 67 rows of the file customers.csv cannot be read; the first is on line 62: too many columns");
  }

  @Test
  void readsOtherEncodingsAndDecimalCommasIfTheCatalogSaysSo() throws Exception {
    write("", "");
    Path customers = folder.resolve("customers.csv");
    String german =
        Files.readString(customers)
            .replace(",", ";")
            .replace("north", "Süd")
            .replace(";7;", ";7,5;");
    Files.writeString(customers, german, StandardCharsets.ISO_8859_1);
    assertRejected(
        CATALOG,
        "CORRUPT_SOURCE",
        "30 of 60 rows of the file customers.csv cannot be read; the first is on line 3: invalid encoding; a source's encoding can be declared");
    Files.writeString(customers, german.replace("region", "größe"), StandardCharsets.ISO_8859_1);
    assertRejected(
        CATALOG,
        "CORRUPT_SOURCE",
        "the headings of the file customers.csv cannot be read: invalid encoding; a source's encoding can be declared");
    Files.writeString(customers, german, StandardCharsets.ISO_8859_1);
    try (PipelineBench bench = new PipelineBench(folder)) {
      bench.run(
          CATALOG.replace(
              "customers.csv", "customers.csv, encoding: latin-1, decimalSeparator: ','"),
          "shop",
          "gone");

      assertThat(bench.database().texts("SELECT DISTINCT region FROM dataset ORDER BY 1"))
          .containsExactly("North", "Süd");
      assertThat(
              bench
                  .database()
                  .texts("SELECT CAST(age AS VARCHAR) FROM dataset ORDER BY age LIMIT 1 OFFSET 6"))
          .containsExactly("7.5");
    }
  }

  @Test
  void keepsLeadingZerosOfKeys() throws Exception {
    write("", "");
    try (PipelineBench bench = new PipelineBench(folder)) {
      bench.run(CATALOG, "shop", "gone");

      assertThat(bench.database().texts("SELECT min(entity_key) FROM dataset"))
          .containsExactly("001");
    }
  }

  @Test
  void readsUnreadableTimesAndAmountsAsMissing() throws Exception {
    write("", "x1,001,yesterday,10\nx2,002,2025-09-11 00:00:00,NaN\nx3,003,2025-09-11,lots\n");
    try (PipelineBench bench = new PipelineBench(folder)) {
      bench.run(CATALOG, "shop", "gone");
      DuckDb database = bench.database();

      assertThat(database.texts("SELECT reason FROM quarantine"))
          .containsExactly("UNREADABLE_TIME");
      assertThat(database.number("SELECT count(*) FROM events WHERE amount IS NULL")).isEqualTo(2);
    }
  }

  @Test
  void labelsInactivityFromLaterEventsAndHidesThemFromFeatures() throws Exception {
    write("", "");
    try (PipelineBench bench = new PipelineBench(folder)) {
      bench.run(CATALOG, "shop", "gone");

      assertThat(bench.database().number("SELECT sum(label) FROM labelled")).isEqualTo(30);
      assertThat(bench.database().count("events")).isEqualTo(60);
    }
  }

  @Test
  void normalisesDeclaredSpellingsAndDropsPersonalData() throws Exception {
    write("", "");
    try (PipelineBench bench = new PipelineBench(folder)) {
      bench.run(CATALOG, "shop", "cancelled");
      DuckDb database = bench.database();

      assertThat(database.texts("SELECT DISTINCT region FROM dataset")).containsExactly("North");
      assertThat(database.columns("dataset"))
          .extracting(ColumnInfo::name)
          .contains("age")
          .doesNotContain("email", "cancelled");
      assertThat(database.number("SELECT sum(label) FROM labelled")).isEqualTo(20);
      assertThat(database.number("SELECT count(*) FROM quarantine WHERE row LIKE '%@%'")).isZero();
    }
  }

  @Test
  void failsTheHardCheckOnAnAgeOutOfRange() throws Exception {
    write("061,x@example.org,north,-5,No\n", "");
    try (PipelineBench bench = new PipelineBench(folder)) {
      bench.run(CATALOG, "shop", "gone");
      Dataset shop = DatasetCatalog.read(folder.resolve("catalog.yml")).find("shop").orElseThrow();

      assertThat(QualityChecks.run(bench.database(), shop))
          .filteredOn(check -> !check.passed())
          .extracting(CheckResult::check, CheckResult::severity)
          .containsExactly(tuple("entities.age is in range", Check.Severity.HARD.name()));
    }
  }

  @Test
  void keepsProtectedAttributesForTheAuditAlone() throws Exception {
    write("", "");
    try (PipelineBench bench = new PipelineBench(folder)) {
      bench.run(CATALOG.replace("pii:", "protectedColumns: [age]\n    pii:"), "shop", "gone");
      DuckDb database = bench.database();

      assertThat(database.columns("audit_attributes"))
          .extracting(ColumnInfo::name)
          .containsExactly("entity_key", "age");
      assertThat(database.texts("SELECT age FROM audit_attributes WHERE entity_key = '007'"))
          .containsExactly("7");
      // Neither they nor the column of another target stand where features are made from.
      assertThat(database.columns("dataset"))
          .extracting(ColumnInfo::name)
          .containsExactly("entity_key", "region", "label", "holdout", "fold");
    }
  }

  @Test
  void tracesEachColumnAndTheLabelToTheSource() throws Exception {
    write("", "");
    try (PipelineBench bench = new PipelineBench(folder)) {
      assertThat(bench.run(CATALOG, "shop", "gone").lineage())
          .extracting(ColumnLineage::column, ColumnLineage::role, l -> columns(l))
          .containsExactly(
              tuple("entities.entity_key", "KEY", "file customers.csv id"),
              tuple("entities.region", "FEATURE", "file customers.csv region"),
              tuple("entities.age", "FEATURE", "file customers.csv age"),
              tuple("events.entity_key", "KEY", "file orders.csv id"),
              tuple("events.event_time", "TIME", "file orders.csv at"),
              tuple("events.amount", "AMOUNT", "file orders.csv paid"),
              tuple("events.order_id", "EVENT_KEY", "file orders.csv order_id"),
              tuple(
                  "entities.label",
                  "LABEL",
                  "file orders.csv id, file orders.csv at, file orders.csv paid"));
    }
  }

  private static String columns(ColumnLineage lineage) {
    return lineage.sources().stream()
        .map(source -> source.source() + " " + source.column())
        .collect(Collectors.joining(", "));
  }

  @Test
  void describesWhatGovernanceJudgesBy() throws Exception {
    write("061,,,,No\n", "");
    try (PipelineBench bench = new PipelineBench(folder)) {
      String catalog =
          CATALOG
              .replace("pii:", "protectedColumns: [age]\n    pii:")
              .replace("{inactiveDays: 30}", "{inactiveDays: 30, favourableDecision: 0}");
      bench.run(catalog, "shop", "gone");
      Dataset shop = DatasetCatalog.read(folder.resolve("catalog.yml")).find("shop").orElseThrow();
      DatasetDescription described =
          new DatasetDescriber(bench.database()).describe("shop", "gone", shop);

      assertThat(described.personalData()).containsExactly("email");
      assertThat(described.protectedAttributes()).containsExactly("age");
      assertThat(described.favourableDecision()).isEqualTo(0);
      assertThat(described.prevalence()).isEqualTo(31 / 61.0);
      assertThat(described.entityColumns())
          .containsExactly(
              new DatasetDescription.Column("region", "VARCHAR", "FEATURE", 1 / 61.0, 1),
              new DatasetDescription.Column("age", "BIGINT", "PROTECTED", 1 / 61.0, 60));
      assertThat(described.eventColumns()).isEmpty();
    }
  }

  @Test
  void givesColumnsWithItsOwnNamesAnother() throws Exception {
    StringBuilder rows = new StringBuilder("id,email,Size,label,label_source,cancelled\n");
    for (int i = 1; i <= 60; i++) {
      rows.append("%03d,e,%d,%d,x,%s%n".formatted(i, i, i, i % 3 == 0 ? "Yes" : "No"));
    }
    write("", "");
    Files.writeString(folder.resolve("customers.csv"), rows);
    try (PipelineBench bench = new PipelineBench(folder)) {
      bench.run(CATALOG, "shop", "cancelled");

      assertThat(bench.database().columns("dataset"))
          .extracting(ColumnInfo::name)
          .containsExactly(
              "entity_key",
              "Size_source",
              "label_source_source",
              "label_source",
              "label",
              "holdout",
              "fold");
    }
  }

  @Test
  void rejectsADeclaredPersonalColumnThatVanished() throws Exception {
    write("", "");
    assertRejected(CATALOG.replace("pii: [email]", "pii: [email, phone]"), "MISSING_COLUMN");
    assertRejected(CATALOG.replace("pii:", "protectedColumns: [race]\n    pii:"), "MISSING_COLUMN");
  }

  @Test
  void rejectsATargetOfOneClass() throws Exception {
    write("", "");
    assertRejected(CATALOG.replace("positive: 'Yes'", "positive: Never"), "SINGLE_CLASS_TARGET");
  }

  @Test
  void rejectsATableWithoutTheKey() throws Exception {
    write("", "");
    Files.writeString(folder.resolve("customers.csv"), "number,cancelled\n1,Yes\n2,No\n");
    assertRejected(CATALOG, "MISSING_COLUMN");
  }

  @Test
  void rejectsAnEmptyTable() throws Exception {
    write("", "");
    Files.writeString(folder.resolve("customers.csv"), "id,email,region,age,cancelled\n");
    assertRejected(CATALOG, "EMPTY_DATASET");
  }

  @Test
  void rejectsTooFewRowsForTheFolds() throws Exception {
    write("", "");
    Files.writeString(
        folder.resolve("customers.csv"), "id,email,cancelled\n001,a,Yes\n002,b,No\n003,c,No\n");
    assertRejected(CATALOG, "TOO_FEW_ROWS");
  }

  @Test
  void rejectsAFileThatIsNotParquet() throws Exception {
    write("", "");
    Files.writeString(folder.resolve("customers.parquet"), "this is no Parquet");
    assertRejected(CATALOG.replace("customers.csv", "customers.parquet"), "CORRUPT_SOURCE");
  }

  @Test
  void saysThatADatabaseDoesNotAnswerWithoutItsAddress() throws Exception {
    write("", "");
    try (PipelineBench bench = new PipelineBench(folder)) {
      assertThatThrownBy(
              () ->
                  bench.run(
                      CATALOG.replace("{file: customers.csv}", "{table: customers}"),
                      "shop",
                      "gone"))
          .isInstanceOf(TransientException.class)
          .hasMessage("the source database does not answer");
    }
  }

  private void assertRejected(String catalog, String code) throws Exception {
    assertRejected(catalog, code, "");
  }

  private void assertRejected(String catalog, String code, String message) throws Exception {
    try (PipelineBench bench = new PipelineBench(folder)) {
      assertThatThrownBy(() -> bench.run(catalog, "shop", "cancelled"))
          .hasMessageContaining(message)
          .isInstanceOfSatisfying(
              DataRejectedException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
  }
}
