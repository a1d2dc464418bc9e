package dev.mlhandoff.far;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.runtime.TransientException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class OnlineTableTest {

  @TempDir Path folder;
  private JdbcTemplate jdbc = new JdbcTemplate();

  @BeforeEach
  void migrate() {
    jdbc = FarDatabase.empty();
  }

  @Test
  void keepsTheProjectsOwnRawRecordsWithoutLabels() throws SQLException {
    write("model", "digest", "29.85");
    assertThat(features("digest", "a")).isEqualTo("{\"plan\": \"gold\", \"charges\": 29.85}");
    assertThat(features("digest", "b")).isEqualTo("{\"plan\": null, \"charges\": null}");
  }

  @Test
  void writesTheSameRowsTwiceWithoutHarm() throws SQLException {
    write("model", "digest", "29.85");
    write("model", "digest", "29.85");
    assertThat(count()).isEqualTo(2);
  }

  @Test
  void writesMoreRowsThanItHoldsAtATime() throws SQLException {
    try (DuckDb database = DuckDb.open(folder)) {
      database.execute(
          "CREATE TABLE features AS SELECT 'e' || i AS entity_key, i AS n, 'w' || i AS word FROM"
              + " range(2500) t(i)");
      new OnlineTable(jdbc)
          .write(
              "model",
              "many",
              new OnlineTable.Rows(new ViewTimes(Instant.EPOCH, Instant.EPOCH), null),
              Set.of("n", "word"),
              database);
    }
    assertThat(count()).isEqualTo(2500);
    for (int i : new int[] {0, 999, 1000, 2499}) {
      assertThat(features("many", "e" + i))
          .isEqualTo("{\"n\": %d.0, \"word\": \"w%d\"}".formatted(i, i));
    }
  }

  @Test
  void neverTouchesTheRowsOfAnotherDigest() throws SQLException {
    write("model", "serving", "29.85");
    write("model", "later", "99.0");
    assertThat(features("serving", "a")).contains("29.85");
    assertThat(features("later", "a")).contains("99");
    assertThat(count()).isEqualTo(4);
  }

  @Test
  void asksForAnotherTryWhenTheDatabaseIsDown() {
    JdbcTemplate nobody =
        new JdbcTemplate(
            new DriverManagerDataSource("jdbc:postgresql://localhost:1/none", "none", "none"));
    assertThatThrownBy(() -> write(nobody, "model", "digest", "1"))
        .isInstanceOf(TransientException.class);
  }

  private void write(String view, String digest, String charges) throws SQLException {
    write(jdbc, view, digest, charges);
  }

  private void write(JdbcTemplate template, String view, String digest, String charges)
      throws SQLException {
    Instant asOf = Instant.parse("2025-10-01T00:00:00Z");
    try (DuckDb database = DuckDb.open(folder)) {
      database.execute(
          "CREATE TABLE features AS SELECT * FROM (VALUES ('a', 1, false, 0, "
              + charges
              + "::DOUBLE, 'gold', 7.0::DOUBLE), ('b', NULL, true, NULL, NULL, NULL, 8.0))"
              + " t(entity_key, label, holdout, fold, charges, plan, imported)");
      new OnlineTable(template)
          .write(
              view,
              digest,
              new OnlineTable.Rows(new ViewTimes(asOf, asOf), null),
              Set.of("charges", "plan"),
              database);
    }
  }

  private String features(String digest, String entity) {
    return String.valueOf(
        jdbc.queryForObject(
            "SELECT features::text FROM far.online_features WHERE view = 'model' AND digest = ?"
                + " AND entity_key = ?",
            String.class,
            digest,
            entity));
  }

  private long count() {
    Long rows = jdbc.queryForObject("SELECT count(*) FROM far.online_features", Long.class);
    return rows == null ? 0 : rows;
  }
}
