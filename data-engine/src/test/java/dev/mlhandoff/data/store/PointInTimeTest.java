package dev.mlhandoff.data.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.data.DuckDb;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random histories, with late arrivals and corrections, against a search through every row. */
class PointInTimeTest {

  private static final Instant START = Instant.parse("2025-01-01T00:00:00Z");
  private static final int DAYS = 40;
  private static final int ENTITIES = 60;
  private static final int ROWS = 3000;
  private static final int RETRIEVALS = 10_000;

  @TempDir Path folder;

  private record Row(String entity, Instant eventTime, Instant knownTime, long value) {
    Validity validity(@Nullable Duration timeToLive) {
      return new Validity(eventTime, knownTime, timeToLive);
    }
  }

  private record Pair(String entity, Instant at) {}

  private record Found(@Nullable Long value, boolean expired, @Nullable Instant eventTime) {}

  @Test
  void tenThousandRetrievalsAreWhatASearchThroughEveryRowFinds() throws Exception {
    Random random = new Random(20);
    List<Row> history = history(random);
    List<Path> partitions = write(history);
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < RETRIEVALS; i++) {
      // Some exactly at the moment a value becomes visible, or a microsecond before.
      Row row = history.get(random.nextInt(ROWS));
      Instant at =
          switch (random.nextInt(4)) {
            case 0 -> row.knownTime();
            case 1 -> row.knownTime().minusNanos(1000);
            case 2 -> row.eventTime().plus(Duration.ofDays(5));
            default -> START.plusSeconds(random.nextInt((DAYS + 10) * 86400));
          };
      String entity = random.nextInt(20) == 0 ? "nobody" : row.entity();
      pairs.add(new Pair(entity, at));
    }
    List<Optional<Row>> searched = pairs.stream().map(pair -> search(history, pair)).toList();
    Set<Row> corrections =
        history.stream().filter(row -> isCorrection(history, row)).collect(Collectors.toSet());
    int values = 0;
    int expired = 0;
    int corrected = 0;
    for (Duration timeToLive : new Duration[] {null, Duration.ofDays(5)}) {
      List<Found> found = retrieve(partitions, pairs, timeToLive);
      for (int i = 0; i < RETRIEVALS; i++) {
        Pair pair = pairs.get(i);
        Optional<Row> expected = searched.get(i);
        Long value =
            expected
                .filter(row -> row.validity(timeToLive).at(pair.at()))
                .map(Row::value)
                .orElse(null);
        assertThat(found.get(i))
            .as("%s with a time to live of %s", pair, timeToLive)
            .isEqualTo(
                new Found(
                    value,
                    expected
                        .filter(row -> row.validity(timeToLive).isExpired(pair.at()))
                        .isPresent(),
                    expected.map(Row::eventTime).orElse(null)));
        if (value != null) {
          // Each value stands for one row, so a value from the future would be seen.
          Row source = history.get((int) (long) value);
          assertThat(source.eventTime()).isBeforeOrEqualTo(pair.at());
          assertThat(source.knownTime()).isBeforeOrEqualTo(pair.at());
          corrected += corrections.contains(source) ? 1 : 0;
          values++;
        }
        expired += found.get(i).expired() ? 1 : 0;
      }
    }
    // The sample has what it is about.
    assertThat(values).isBetween(RETRIEVALS, 2 * RETRIEVALS - 1);
    assertThat(expired).isGreaterThan(100);
    assertThat(corrected).isGreaterThan(1000);
  }

  @Test
  void ofEqualTimesTheLaterPartitionCounts() throws Exception {
    Row first = new Row("a", START, START.plusSeconds(60), 1);
    Row second = new Row("a", START, START.plusSeconds(60), 2);
    List<Path> partitions =
        List.of(write("first", List.of(first)), write("second", List.of(second)));
    Pair pair = new Pair("a", START.plusSeconds(60));
    assertThat(retrieve(partitions, List.of(pair), null))
        .extracting(Found::value)
        .containsExactly(2L);
    assertThat(retrieve(List.of(partitions.get(1), partitions.get(0)), List.of(pair), null))
        .extracting(Found::value)
        .containsExactly(1L);
  }

  /**
   * Events on a coarse grid, so that several rows share one; known at once, or up to days later.
   */
  private static List<Row> history(Random random) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      Instant eventTime = START.plus(Duration.ofHours(6L * random.nextInt(4 * DAYS)));
      Duration late =
          switch (random.nextInt(3)) {
            case 0 -> Duration.ZERO;
            case 1 -> Duration.ofHours(random.nextInt(48));
            default -> Duration.ofSeconds(random.nextInt(9 * 86400));
          };
      rows.add(new Row("e" + random.nextInt(ENTITIES), eventTime, eventTime.plus(late), i));
    }
    // Two rows of an entity with equal times would leave open which one counts.
    Set<String> times = new HashSet<>();
    List<Row> all = new ArrayList<>();
    for (Row row : rows) {
      all.add(
          times.add(row.entity() + row.eventTime() + row.knownTime())
              ? row
              : new Row("alone" + row.value(), row.eventTime(), row.knownTime(), row.value()));
    }
    return all;
  }

  private static Optional<Row> search(List<Row> history, Pair pair) {
    return history.stream()
        .filter(row -> row.entity().equals(pair.entity()))
        .filter(row -> !row.eventTime().isAfter(pair.at()) && !row.knownTime().isAfter(pair.at()))
        .max(Comparator.comparing(Row::eventTime).thenComparing(Row::knownTime));
  }

  private static boolean isCorrection(List<Row> history, Row row) {
    return history.stream()
        .anyMatch(
            other ->
                other.entity().equals(row.entity())
                    && other.eventTime().equals(row.eventTime())
                    && other.knownTime().isBefore(row.knownTime()));
  }

  /** One partition a day of the event. */
  private List<Path> write(List<Row> history) throws SQLException {
    Map<LocalDate, List<Row>> days =
        history.stream()
            .collect(
                Collectors.groupingBy(
                    row -> row.eventTime().atZone(ZoneOffset.UTC).toLocalDate(),
                    TreeMap::new,
                    Collectors.toList()));
    List<Path> files = new ArrayList<>();
    for (Map.Entry<LocalDate, List<Row>> day : days.entrySet()) {
      files.add(write(day.getKey().toString(), day.getValue()));
    }
    return files;
  }

  private Path write(String name, List<Row> rows) throws SQLException {
    Path file = folder.resolve(name + ".parquet");
    try (DuckDb database = DuckDb.open(folder)) {
      database.execute(
          "CREATE TABLE t (entity_key VARCHAR, event_time TIMESTAMP, known_time TIMESTAMP, value"
              + " BIGINT)");
      database.execute(
          rows.stream()
              .map(
                  row ->
                      "(%s, %s, %s, %d)"
                          .formatted(
                              DuckDb.text(row.entity()),
                              OfflineTable.timestamp(row.eventTime()),
                              OfflineTable.timestamp(row.knownTime()),
                              row.value()))
              .collect(Collectors.joining(", ", "INSERT INTO t VALUES ", "")));
      database.writeParquet("SELECT * FROM t", file);
    }
    return file;
  }

  private List<Found> retrieve(
      List<Path> partitions, List<Pair> pairs, @Nullable Duration timeToLive) throws SQLException {
    try (DuckDb database = DuckDb.open(folder)) {
      database.execute("CREATE TABLE pairs (number INTEGER, entity_key VARCHAR, as_of TIMESTAMP)");
      database.execute(
          IntStream.range(0, pairs.size())
              .mapToObj(
                  i ->
                      "(%d, %s, %s)"
                          .formatted(
                              i,
                              DuckDb.text(pairs.get(i).entity()),
                              OfflineTable.timestamp(pairs.get(i).at())))
              .collect(Collectors.joining(", ", "INSERT INTO pairs VALUES ", "")));
      new OfflineTable(database, partitions)
          .retrieve("pairs", List.of("value"), timeToLive, "found");
      List<Found> found = new ArrayList<>();
      try (Statement statement = database.connection().createStatement();
          ResultSet row =
              statement.executeQuery(
                  "SELECT value, expired, epoch_us(event_time) FROM found ORDER BY number")) {
        while (row.next()) {
          long value = row.getLong(1);
          Long known = row.wasNull() ? null : value;
          boolean expired = row.getBoolean(2);
          long micros = row.getLong(3);
          found.add(
              new Found(
                  known, expired, row.wasNull() ? null : Instant.EPOCH.plusNanos(micros * 1000)));
        }
      }
      return found;
    }
  }
}
