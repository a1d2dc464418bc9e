package dev.mlhandoff.far;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.store.OfflineTable;
import dev.mlhandoff.messages.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** Whatever times a version has: online and offline give an entity the same value now, or none. */
class OnlineOfflineTest {

  private static final int VERSIONS = 14;
  private static final int ENTITIES = 30;

  @TempDir Path folder;
  private JdbcTemplate jdbc = new JdbcTemplate();

  @BeforeEach
  void migrate() {
    jdbc = FarDatabase.empty();
  }

  @Test
  void onlineEqualsOfflineNow() throws Exception {
    Random random = new Random(3);
    int found = 0;
    int missing = 0;
    int outlived = 0;
    for (int version = 0; version < VERSIONS; version++) {
      Instant now = Instant.now();
      // An hour on either side of every limit, so that the test may take its time.
      Instant eventTime = now.plus(Duration.ofHours(24L * (random.nextInt(7) - 5) - 1));
      Instant knownTime = eventTime.plus(Duration.ofHours(24L * random.nextInt(3)));
      Integer days = random.nextBoolean() ? null : 1 + random.nextInt(4);
      Integer own = random.nextInt(4) == 0 ? null : 1 + random.nextInt(2);
      Path partition = write("digest-" + version, random, eventTime, knownTime, days, own);
      Map<String, @Nullable Double> offline = offline(partition, days, own, now);
      Duration age = Duration.between(eventTime, now);
      if (own != null
          && !knownTime.isAfter(now)
          && age.compareTo(Duration.ofDays(own)) > 0
          && (days == null || age.compareTo(Duration.ofDays(days)) <= 0)) {
        outlived++;
      }
      for (int entity = 0; entity < ENTITIES; entity++) {
        Double expected = offline.get("e" + entity);
        assertThat(online("digest-" + version, "e" + entity))
            .as("e%d: event %s, known %s, %s, %s days", entity, eventTime, knownTime, days, own)
            .isEqualTo(expected);
        found += expected == null ? 0 : 1;
        missing += expected == null ? 1 : 0;
      }
    }
    assertThat(found).isGreaterThan(VERSIONS * ENTITIES / 5);
    assertThat(missing).isGreaterThan(VERSIONS * ENTITIES / 5);
    assertThat(outlived).as("versions whose feature counts for a shorter time").isGreaterThan(1);
  }

  @Test
  void importedFeaturesAreReadFromTheOthersRowsUnderTheSameRule() throws Exception {
    Instant now = Instant.now();
    row("partner", "fresh", "P1", "{\"x\": 7, \"secret\": 1}", now.minus(Duration.ofHours(23)), 1);
    row("partner", "old", "P1", "{\"x\": 8}", now.minus(Duration.ofHours(25)), 1);
    row("partner", "pinned-elsewhere", "P1", "{\"x\": 9}", now.minus(Duration.ofHours(1)), null);
    jdbc.update(
        "UPDATE far.online_rows SET feature_days = '{\"secret\": 0}' WHERE view = 'partner'");
    for (String digest : List.of("fresh", "old")) {
      String own = "own-" + digest;
      row("mine", own, "a", "{\"y\": 1}", now.minus(Duration.ofHours(1)), null);
      row("mine", own, "b", "{\"y\": 2}", now.minus(Duration.ofHours(1)), null);
      jdbc.update(
          "INSERT INTO far.online_imports VALUES ('mine', ?, 0, '1.0.0', 'partner', 'history',"
              + " '1.0.0', ?, '{\"shop_x\": \"x\"}')",
          own,
          digest);
      jdbc.update("INSERT INTO far.online_import_keys VALUES ('mine', ?, 0, 'a', 'P1')", own);
    }
    assertThat(read("mine", "own-fresh", "a")).isEqualTo("{\"y\": 1, \"shop_x\": 7}");
    assertThat(read("mine", "own-fresh", "b")).isEqualTo("{\"y\": 2, \"shop_x\": null}");
    assertThat(read("mine", "own-old", "a")).isEqualTo("{\"y\": 1, \"shop_x\": null}");
    jdbc.update("UPDATE far.online_rows SET feature_days = '{\"x\": 0}' WHERE view = 'partner'");
    assertThat(read("mine", "own-fresh", "a")).isEqualTo("{\"y\": 1, \"shop_x\": null}");
  }

  private Path write(
      String digest,
      Random random,
      Instant eventTime,
      Instant knownTime,
      @Nullable Integer days,
      @Nullable Integer own)
      throws SQLException {
    Path partition = folder.resolve(digest + ".offline.parquet");
    try (DuckDb database = DuckDb.open(folder)) {
      database.execute("CREATE TABLE features (entity_key VARCHAR, value DOUBLE)");
      for (int entity = 0; entity < ENTITIES; entity++) {
        if (random.nextInt(4) > 0) {
          database.execute(
              "INSERT INTO features VALUES ('e%d', %s)".formatted(entity, random.nextDouble()));
        }
      }
      OfflineTable.write(database, "features", List.of("value"), eventTime, knownTime, partition);
      new OnlineTable(jdbc)
          .write(
              "model",
              digest,
              new OnlineTable.Rows(
                  new ViewTimes(eventTime, knownTime),
                  days,
                  new TreeMap<>(own == null ? Map.of() : Map.of("value", own))),
              Set.of("value"),
              database);
    }
    return partition;
  }

  private Map<String, @Nullable Double> offline(
      Path partition, @Nullable Integer days, @Nullable Integer own, Instant now)
      throws SQLException {
    Map<String, @Nullable Double> values = new HashMap<>();
    try (DuckDb database = DuckDb.open(folder)) {
      database.execute(
          "CREATE TABLE pairs AS SELECT 'e' || i AS entity_key, %s AS as_of FROM range(%d) t(i)"
              .formatted(OfflineTable.timestamp(now), ENTITIES));
      new OfflineTable(database, List.of(partition))
          .retrieve(
              "pairs",
              List.of("value"),
              days == null ? null : Duration.ofDays(days),
              own == null ? Map.of() : Map.of("value", Duration.ofDays(own)),
              "found");
      try (Statement statement = database.connection().createStatement();
          ResultSet row = statement.executeQuery("SELECT entity_key, value FROM found")) {
        while (row.next()) {
          double value = row.getDouble(2);
          Double known = row.wasNull() ? null : value;
          values.put(row.getString(1), known);
        }
      }
    }
    return values;
  }

  private @Nullable Double online(String digest, String entity) {
    List<String> rows =
        jdbc.queryForList(
            "SELECT features::text FROM far.online_features WHERE view = 'model' AND digest = ? AND"
                + " entity_key = ?",
            String.class,
            digest,
            entity);
    JsonNode value =
        rows.isEmpty()
            ? Json.mapper().nullNode()
            : Json.tree(rows.get(0).getBytes(StandardCharsets.UTF_8)).path("value");
    return value.isNull() ? null : value.asDouble();
  }

  private void row(
      String view,
      String digest,
      String entity,
      String features,
      Instant eventTime,
      @Nullable Integer days) {
    jdbc.update(
        "INSERT INTO far.online_rows (view, digest, entity_key, features, event_time, known_time,"
            + " time_to_live_days) VALUES (?, ?, ?, ?::jsonb, ?::timestamptz, ?::timestamptz, ?)",
        view,
        digest,
        entity,
        features,
        eventTime.toString(),
        eventTime.toString(),
        days);
  }

  private String read(String view, String digest, String entity) {
    return String.valueOf(
        jdbc.queryForObject(
            "SELECT features::text FROM far.online_features WHERE view = ? AND digest = ? AND"
                + " entity_key = ?",
            String.class,
            view,
            digest,
            entity));
  }
}
