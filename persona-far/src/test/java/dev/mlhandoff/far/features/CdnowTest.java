package dev.mlhandoff.far.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mlhandoff.data.DuckDb;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Features of the CDNOW purchase history as of 1997-09-30, against values counted independently
 * from the file. Later purchases are in the file and must not be seen.
 */
class CdnowTest {

  @TempDir Path folder;

  @Test
  void agreesWithValuesCountedIndependently() throws SQLException {
    Path file = datasets().resolve("CDNOW_master.txt");
    assumeTrue(Files.exists(file), "no reference datasets here");
    try (DuckDb database = DuckDb.open(folder)) {
      load(database, file);
      FeatureBuilder builder = new FeatureBuilder(database, "1997-09-30", true);
      builder.history();
      builder.eventColumn("number_of_cds", "BIGINT");
      builder.build();
      assertThat(database.count("features")).isEqualTo(23_570);
      assertThat(value(database, "sum(events_all)", "true")).isEqualTo(49_086);
      assertThat(value(database, "sum(CAST(amount_sum AS DECIMAL(18,4)))", "true"))
          .isCloseTo(1_723_354.50, within(1e-6));
      assertThat(value(database, "recency_days", "entity_key = '00004'")).isEqualTo(60);
      assertThat(value(database, "tenure_days", "entity_key = '00004'")).isEqualTo(273);
      assertThat(value(database, "events_all", "entity_key = '00004'")).isEqualTo(3);
      assertThat(value(database, "events_90", "entity_key = '00004'")).isEqualTo(1);
      assertThat(value(database, "amount_180", "entity_key = '00004'")).isEqualTo(14.96);
      assertThat(value(database, "amount_sum", "entity_key = '00004'")).isEqualTo(74.02);
      assertThat(value(database, "amount_max", "entity_key = '00004'")).isEqualTo(29.73);
      assertThat(value(database, "number_of_cds_sum", "entity_key = '00004'")).isEqualTo(5);
      assertThat(value(database, "weekend_share", "entity_key = '00018'")).isEqualTo(1);
      assertThat(value(database, "amount_sum", "entity_key = '23570'")).isEqualTo(94.08);
      assertThat(value(database, "events_180", "entity_key = '23570'")).isEqualTo(0);
    }
  }

  private static void load(DuckDb database, Path file) throws SQLException {
    database.execute(
        "CREATE TABLE events AS SELECT part[1] AS entity_key, strptime(part[2], '%Y%m%d') AS"
            + " event_time, CAST(part[3] AS BIGINT) AS number_of_cds, CAST(part[4] AS"
            + " DECIMAL(18,4)) AS amount FROM (SELECT regexp_split_to_array(trim(line, E' \\r'),"
            + " ' +') AS part FROM (SELECT unnest(string_split(content, chr(10))[2:]) AS line FROM"
            + " read_text("
            + DuckDb.text(file.toString())
            + ")) lines) parts WHERE len(part) = 4");
    database.execute(
        "CREATE TABLE dataset AS SELECT DISTINCT entity_key, 0 AS label, false AS holdout, 0 AS"
            + " fold FROM events");
  }

  private static double value(DuckDb database, String expression, String where)
      throws SQLException {
    try (Statement statement = database.connection().createStatement();
        ResultSet row =
            statement.executeQuery("SELECT " + expression + " FROM features WHERE " + where)) {
      return row.next() ? row.getDouble(1) : Double.NaN;
    }
  }

  private static Path datasets() {
    String configured =
        System.getProperty("handoff.datasets", System.getenv().get("HANDOFF_DATASETS"));
    if (configured != null) {
      return Path.of(configured);
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path candidate = at.resolve("shared/data");
      if (Files.isDirectory(candidate)) {
        return candidate;
      }
    }
    return Path.of("shared/data");
  }
}
