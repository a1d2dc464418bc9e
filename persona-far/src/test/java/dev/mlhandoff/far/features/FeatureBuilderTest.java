package dev.mlhandoff.far.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.ParquetTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Feature values worked out by hand, as of 2025-06-30 (a Monday). */
class FeatureBuilderTest {

  private static final String EVENTS =
      "('a', TIMESTAMP '2025-04-01 10:00:00', 10.00, 'web'),"
          + "('a', TIMESTAMP '2025-06-28 10:00:00', 20.00, 'shop'),"
          + "('a', TIMESTAMP '2025-06-28 11:00:00', -5.00, 'shop'),"
          + "('a', TIMESTAMP '2025-06-30 23:59:59', 7.00, 'web'),"
          + "('b', TIMESTAMP '2025-03-02 00:00:00', 3.50, 'web')";

  @TempDir Path folder;

  @Test
  void countsRecencyFrequencyAndMonetaryValue() throws Exception {
    ParquetTable table = features(EVENTS);
    assertThat(table.texts("entity_key")).containsExactly("a", "b", "c");
    // Days to midnight after the as-of date.
    assertThat(table.numbers("recency_days")).containsExactly(1, 121, Double.NaN);
    assertThat(table.numbers("tenure_days")).containsExactly(91, 121, Double.NaN);
    assertThat(table.numbers("events_7")[0]).isEqualTo(3);
    assertThat(table.numbers("active_days")).containsExactly(3, 1, 0);
    assertThat(table.numbers("active_months")).containsExactly(2, 1, 0);
    assertThat(table.numbers("amount_sum")).containsExactly(32, 3.5, Double.NaN);
    assertThat(table.numbers("amount_mean")[0]).isEqualTo(8);
    assertThat(table.numbers("amount_30")).containsExactly(22, 0, 0);
    assertThat(table.numbers("mean_gap_days")[0]).isEqualTo(30);
    assertThat(table.numbers("trend_30")[0]).isEqualTo(4);
  }

  @Test
  void countsNoEventsAsZeroAndTheirSharesAsMissing() throws Exception {
    ParquetTable table = features(EVENTS);
    assertThat(table.numbers("events_all")).containsExactly(4, 1, 0);
    assertThat(table.numbers("events_30")).containsExactly(3, 0, 0);
    assertThat(table.numbers("channel_share_shop")).containsExactly(0.5, 0, Double.NaN);
    // 2025-06-28 was a Saturday, 2025-03-02 a Sunday.
    assertThat(table.numbers("weekend_share")).containsExactly(0.5, 1, Double.NaN);
  }

  @Test
  void passesEntityColumnsThrough() throws Exception {
    ParquetTable table = features(EVENTS);
    assertThat(table.numbers("member")).containsExactly(1, 0, Double.NaN);
    assertThat(table.numbers("label")).containsExactly(1, 0, Double.NaN);
  }

  @Test
  void readsNumbersThatAreKeptAsText() throws Exception {
    assertThat(features(EVENTS).numbers("charges")).containsExactly(29.85, 1889.5, 0.5);
  }

  @Test
  void doesNotKnowDatesAfterTheAsOfDate() throws Exception {
    assertThat(features(EVENTS).numbers("signup_days")).containsExactly(91, Double.NaN, 0);
  }

  @Test
  void isNotChangedByEventsAfterTheAsOfDate() throws Exception {
    byte[] before = Files.readAllBytes(build("before", EVENTS));
    assertThat(Files.readAllBytes(build("again", EVENTS))).isEqualTo(before);
    String future =
        ", ('a', TIMESTAMP '2025-07-01 00:00:00', 1000.00, 'app')"
            + ", ('c', TIMESTAMP '2026-01-01 00:00:00', 1.00, 'web')";
    assertThat(Files.readAllBytes(build("after", EVENTS + future))).isEqualTo(before);
    String past = ", ('c', TIMESTAMP '2025-06-30 00:00:00', 1.00, 'web')";
    assertThat(Files.readAllBytes(build("changed", EVENTS + past))).isNotEqualTo(before);
  }

  @Test
  void leavesOutWhatIsNeitherNumberTextNorDate() throws Exception {
    try (DuckDb database = DuckDb.open(folder)) {
      database.execute(
          "CREATE TABLE dataset AS SELECT [random()] AS pair, {'a': random()} AS nested, INTERVAL 1"
              + " DAY AS span, 'x'::BLOB AS bytes, uuid() AS id, TIME '10:00:00' AS hour,"
              + " (random() * 9)::HUGEINT AS number, false AS holdout FROM range(50)");
      FeatureBuilder builder = new FeatureBuilder(database, null, false);
      for (ColumnInfo column : database.columns("dataset").subList(0, 7)) {
        builder.entityColumn(column.name(), column.type());
      }

      assertThat(builder.leftOut())
          .containsExactly("pair", "nested", "span", "bytes", "id", "hour");
      assertThat(builder.definitions())
          .extracting(FeatureDefinition::name)
          .containsExactly("number");
    }
  }

  @Test
  void worksWithoutEvents() throws Exception {
    try (DuckDb database = DuckDb.open(folder)) {
      dataset(database);
      FeatureBuilder builder = new FeatureBuilder(database, null, false);
      builder.history();
      builder.entityColumn("signup", "DATE");
      builder.entityColumn("member", "BOOLEAN");
      builder.build();
      assertThat(builder.definitions())
          .singleElement()
          .satisfies(d -> assertThat(d.sources()).isEqualTo(List.of("entities.member")));
      assertThat(database.count("features")).isEqualTo(3);
    }
  }

  @Test
  void noExpressionSeesTheLabelOrTheFold() throws Exception {
    for (String hidden : List.of("label", "fold")) {
      try (DuckDb database = DuckDb.open(folder)) {
        dataset(database);
        FeatureBuilder builder = new FeatureBuilder(database, null, false);
        builder.entityColumn(hidden, "BOOLEAN");
        assertThatThrownBy(builder::build)
            .isInstanceOf(SQLException.class)
            .hasMessageContaining(hidden);
      }
    }
  }

  @Test
  void saysHowFarAWindowLooksBack() throws Exception {
    try (DuckDb database = DuckDb.open(folder)) {
      dataset(database);
      database.execute(
          "CREATE TABLE events AS SELECT 'a' AS entity_key, TIMESTAMP '2025-01-01' AS event_time");
      FeatureBuilder builder = new FeatureBuilder(database, "2025-06-30", false);
      builder.history();
      assertThat(builder.definitions())
          .filteredOn(d -> d.name().equals("events_30") || d.name().equals("trend_30"))
          .extracting(FeatureDefinition::windowDays)
          .containsExactly(30, 60);
    }
  }

  @Test
  void leavesOutValuesOfEventsThatTellNothingOfTheEntity() throws Exception {
    try (DuckDb database = DuckDb.open(folder)) {
      // 100 entities with 1 to 19 events each; tastes and habits are theirs, all else is not.
      String uniform = "(md5_number_lower('%s|' || i) / 18446744073709551616)";
      database.execute(
          "CREATE TABLE events AS SELECT entity_key, TIMESTAMP '2025-01-01' + to_days(CAST(i % 150"
              + " AS INTEGER)) AS event_time, "
              + uniform.formatted("a")
              + " AS noise, 'w' || floor(5 * "
              + uniform.formatted("b")
              + ") AS noise_word, "
              + uniform.formatted("c")
              + " < 0.5 AS noise_flag, i AS row_number, 7 AS always_seven, k + 50 * "
              + uniform.formatted("d")
              + " AS taste, CASE WHEN "
              + uniform.formatted("e")
              + " < k / 100.0 THEN 'shop' ELSE 'web' END AS channel FROM (SELECT k, 'k' || k AS"
              + " entity_key, row_number() OVER (ORDER BY k, n) AS i FROM range(100) ks(k),"
              + " range(19) ns(n) WHERE n <= (k * 7) % 19)");
      FeatureBuilder builder = new FeatureBuilder(database, "2025-06-30", false);
      builder.eventColumn("noise", "DOUBLE");
      builder.eventColumn("noise_word", "VARCHAR");
      builder.eventColumn("noise_flag", "BOOLEAN");
      builder.eventColumn("row_number", "BIGINT");
      builder.eventColumn("always_seven", "INTEGER");
      builder.eventColumn("taste", "DOUBLE");
      builder.eventColumn("channel", "VARCHAR");

      assertThat(builder.leftOut())
          .containsExactly("noise", "noise_word", "noise_flag", "row_number", "always_seven");
      assertThat(builder.definitions())
          .extracting(FeatureDefinition::name)
          .containsExactly(
              "taste_sum", "channel_distinct", "channel_share_shop", "channel_share_web");
    }
  }

  private ParquetTable features(String events) throws Exception {
    return ParquetTable.read(build("features", events));
  }

  private Path build(String name, String rows) throws SQLException {
    Path file = folder.resolve(name + ".parquet");
    try (DuckDb database = DuckDb.open(folder)) {
      dataset(database);
      database.execute(
          "CREATE TABLE events AS SELECT entity_key, event_time, CAST(amount AS DECIMAL(18,4)) AS"
              + " amount, channel FROM (VALUES "
              + rows
              + ") t(entity_key, event_time, amount, channel) UNION ALL SELECT 'd', TIMESTAMP"
              + " '2025-05-01', 1, CASE WHEN i % 2 = 0 THEN 'web' ELSE 'shop' END FROM range(40)"
              + " r(i)");
      FeatureBuilder builder = new FeatureBuilder(database, "2025-06-30", true);
      builder.history();
      builder.eventColumn("channel", "VARCHAR");
      builder.entityColumn("signup", "DATE");
      builder.entityColumn("member", "BOOLEAN");
      builder.entityColumn("charges", "VARCHAR");
      builder.build();
      database.writeParquet("SELECT * FROM features", file);
    }
    return file;
  }

  private static void dataset(DuckDb database) throws SQLException {
    database.execute(
        "CREATE TABLE dataset AS SELECT * FROM (VALUES"
            + " ('a', 1, false, 0, DATE '2025-03-31', true, '29.85'),"
            + " ('b', 0, false, 1, DATE '2025-07-01', false, '1889.5'),"
            + " ('c', NULL, true, NULL, DATE '2025-06-30', NULL, '0.5'))"
            + " t(entity_key, label, holdout, fold, signup, member, charges)");
  }
}
