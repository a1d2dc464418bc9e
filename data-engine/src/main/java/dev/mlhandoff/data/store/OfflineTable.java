package dev.mlhandoff.data.store;

import dev.mlhandoff.data.DuckDb;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Feature values by entity, event time and known time, in Parquet partitions. Retrieval never gives
 * a value to a moment at which it was not known yet.
 */
public final class OfflineTable {

  private final DuckDb database;
  private final List<Path> partitions;

  /**
   * @param partitions files written by {@link #write}; of values with equal times the later file's
   *     counts
   */
  public OfflineTable(DuckDb database, List<Path> partitions) {
    this.database = database;
    this.partitions = List.copyOf(partitions);
  }

  /**
   * Writes features of a table as a partition, all with the same times.
   *
   * @param table with {@code entity_key} and the features, in the order of the key
   */
  public static void write(
      DuckDb database,
      String table,
      List<String> features,
      Instant eventTime,
      Instant knownTime,
      Path file)
      throws SQLException {
    database.writeParquet(
        "SELECT entity_key, %s AS event_time, %s AS known_time, %s FROM %s"
            .formatted(
                timestamp(eventTime), timestamp(knownTime), names(features), DuckDb.name(table)),
        file);
  }

  /**
   * Looks up, for each pair of {@code entity_key} and {@code as_of} (a timestamp in UTC), the
   * newest values that were known at that moment: the latest event time, and of its corrections the
   * one known last. Values older than their time to live are missing.
   *
   * @param pairs a table with these two columns and any others but {@code event_time}, {@code
   *     known_time} and the features
   * @param result the table that is made: the columns of {@code pairs}, {@code event_time} and
   *     {@code known_time} of what was found (missing if nothing was), {@code expired}, and the
   *     features
   */
  public void retrieve(
      String pairs, List<String> features, @Nullable Duration timeToLive, String result)
      throws SQLException {
    retrieve(pairs, features, timeToLive, Map.of(), result);
  }

  /**
   * The same, where some features have a time to live of their own besides.
   *
   * @param own by feature; {@code expired} does not tell of them
   */
  public void retrieve(
      String pairs,
      List<String> features,
      @Nullable Duration timeToLive,
      Map<String, Duration> own,
      String result)
      throws SQLException {
    String valid = valid(timeToLive);
    String values =
        features.stream()
            .map(
                feature ->
                    ", CASE WHEN %s AND %s THEN h.%s END AS %s"
                        .formatted(
                            valid,
                            valid(own.get(feature)),
                            DuckDb.name(feature),
                            DuckDb.name(feature)))
            .collect(Collectors.joining());
    database.execute(
        "CREATE TABLE %s AS WITH history AS (%s), %s SELECT p.*, h.event_time, h.known_time, h.event_time IS NOT NULL AND NOT (%s) AS expired%s FROM %s p ASOF LEFT JOIN newest h ON p.entity_key = h.entity_key AND p.as_of >= h.visible_time"
            .formatted(
                DuckDb.name(result),
                history(features),
                newest(),
                valid,
                values,
                DuckDb.name(pairs)));
  }

  private static String valid(@Nullable Duration timeToLive) {
    return timeToLive == null
        ? "TRUE"
        : "date_diff('microsecond', h.event_time, p.as_of) <= "
            + timeToLive.toNanos() / ChronoUnit.MICROS.getDuration().toNanos();
  }

  /**
   * A row is visible once its event is over and it is known. Where several are, only those with the
   * latest event count: a correction of an older event that arrives after a newer event is skipped.
   */
  private static String newest() {
    return "latest AS (SELECT *, greatest(event_time, known_time) AS visible_time FROM history"
        + " QUALIFY row_number() OVER (PARTITION BY entity_key, greatest(event_time, known_time)"
        + " ORDER BY event_time DESC, known_time DESC, partition_number DESC) = 1),"
        + " newest AS (SELECT * FROM latest QUALIFY event_time >= coalesce(max(event_time) OVER"
        + " (PARTITION BY entity_key ORDER BY visible_time ROWS BETWEEN UNBOUNDED PRECEDING AND 1"
        + " PRECEDING), event_time))";
  }

  private String history(List<String> features) {
    String files =
        partitions.stream()
            .map(Path::toString)
            .map(DuckDb::text)
            .collect(Collectors.joining(", ", "[", "]"));
    return "SELECT entity_key, event_time, known_time, list_position(%s, filename) AS partition_number, %s FROM read_parquet(%s, filename = true, union_by_name = true)"
        .formatted(files, names(features), files);
  }

  private static String names(List<String> features) {
    return features.stream().map(DuckDb::name).collect(Collectors.joining(", "));
  }

  /** A timestamp literal, in microseconds and UTC. */
  public static String timestamp(Instant moment) {
    LocalDateTime time =
        LocalDateTime.ofInstant(moment.truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC);
    return "TIMESTAMP '" + time.toLocalDate() + " " + time.toLocalTime() + "'";
  }
}
