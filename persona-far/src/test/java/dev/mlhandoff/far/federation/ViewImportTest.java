package dev.mlhandoff.far.federation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.ParquetTable;
import dev.mlhandoff.data.store.OfflineTable;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ViewImportTest {

  private static final Instant DAY = Instant.parse("2025-10-01T00:00:00Z");

  @TempDir Path folder;

  @Test
  void countsWhyAnEntityIsNotMatched() throws Exception {
    // a is sure; b only at 0.5; c has two equally sure others; d's other is not in the view; e has
    // no pair; f's surest pair counts although a weaker one names another.
    String pairs =
        "('a','P1',0.9),('b','P2',0.5),('c','P1',0.9),('c','P2',0.9),('d','P9',1.0),"
            + "('f','P2',0.95),('f','P1',0.9)";
    ImportReport report = run(pairs, 0.8, null, DAY);
    assertThat(report)
        .isEqualTo(
            new ImportReport(
                "shop/history/1.0.0", List.of("shop_x", "shop_plan"), 6, 2, 1, 1, 1, 1, 0));
    assertThat(report.matchedShare()).isEqualTo(2 / 6.0);
    assertThat(report.sentence()).startsWith("2 of 6 entities (33.3 %) are matched");
    ParquetTable table = ParquetTable.read(folder.resolve("result.parquet"));
    assertThat(table.texts("entity_key")).containsExactly("a", "b", "c", "d", "e", "f");
    assertThat(table.numbers("own")).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(table.numbers("shop_x"))
        .containsExactly(10, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 20);
    assertThat(table.texts("shop_plan")).containsExactly("gold", null, null, null, null, "plus");
  }

  @Test
  void withoutAThresholdEveryPairCounts() throws Exception {
    assertThat(run("('a','P1',NULL),('b','P2',0.1)", null, null, DAY).matched()).isEqualTo(2);
  }

  @Test
  void whatIsExpiredIsMissingAndCounted() throws Exception {
    String pairs = "('a','P1',1.0),('b','P2',1.0)";
    Duration week = Duration.ofDays(7);
    assertThat(run(pairs, 0.8, week, DAY.plus(week)).matched()).isEqualTo(2);
    ImportReport late = run(pairs, 0.8, week, DAY.plus(week).plusNanos(1000));
    assertThat(late.matched()).isZero();
    assertThat(late.expired()).isEqualTo(2);
  }

  @Test
  void whatWasNotKnownYetIsMissingAndCounted() throws Exception {
    ImportReport early = run("('a','P1',1.0)", 0.8, null, DAY.minusNanos(1000));
    assertThat(early.matched()).isZero();
    assertThat(early.unknown()).isEqualTo(1);
  }

  @Test
  void equalKeysNeedNoPairs() throws Exception {
    try (DuckDb database = database()) {
      ImportReport report =
          new ViewImport(database, view(new EntityKeys(null, null), null, DAY), 0).run();
      assertThat(report.matched()).isZero();
      assertThat(report.unknown()).isEqualTo(6);
      assertThat(database.count("import_keys_0")).isEqualTo(6);
    }
  }

  private ImportReport run(
      String pairs, @Nullable Double threshold, @Nullable Duration timeToLive, Instant asOf)
      throws SQLException {
    Path keys = folder.resolve("keys.parquet");
    try (DuckDb database = database()) {
      database.writeParquet(
          "SELECT entity_key, other_key, confidence::DOUBLE AS confidence FROM (VALUES "
              + pairs
              + ") t(entity_key, other_key, confidence)",
          keys);
      ImportReport report =
          new ViewImport(database, view(new EntityKeys(keys, threshold), timeToLive, asOf), 0)
              .run();
      database.writeParquet("SELECT * FROM features", folder.resolve("result.parquet"));
      return report;
    }
  }

  private ImportedView view(EntityKeys keys, @Nullable Duration timeToLive, Instant asOf) {
    return new ImportedView(
        "shop/history/1.0.0",
        List.of(
            new ImportedView.Column("shop_x", "x", null),
            new ImportedView.Column("shop_plan", "plan", null)),
        folder.resolve("offline.parquet"),
        keys,
        timeToLive,
        asOf);
  }

  private DuckDb database() throws SQLException {
    DuckDb database = DuckDb.open(folder);
    database.execute(
        "CREATE TABLE partner AS SELECT * FROM (VALUES ('P1', 10.0::DOUBLE, 'gold'), ('P2', 20.0,"
            + " 'plus')) t(entity_key, x, plan)");
    OfflineTable.write(
        database, "partner", List.of("x", "plan"), DAY, DAY, folder.resolve("offline.parquet"));
    database.execute(
        "CREATE TABLE features AS SELECT * FROM (VALUES ('a', 1.0::DOUBLE), ('b', 2.0), ('c', 3.0),"
            + " ('d', 4.0), ('e', 5.0), ('f', 6.0)) t(entity_key, own)");
    return database;
  }
}
