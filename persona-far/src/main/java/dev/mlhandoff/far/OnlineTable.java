package dev.mlhandoff.far;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.runtime.TransientException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Raw feature rows for serving, keyed by view, digest and entity; written again without harm. They
 * are read through the database view {@code far.online_features}, which leaves out what does not
 * count now and adds what is imported.
 */
final class OnlineTable {

  private static final int BATCH = 1000;

  private final JdbcTemplate jdbc;

  OnlineTable(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * When the rows count.
   *
   * @param timeToLiveDays null for ever
   * @param featureDays of features that have a time to live of their own
   */
  record Rows(
      ViewTimes times, @Nullable Integer timeToLiveDays, SortedMap<String, Integer> featureDays) {

    Rows(ViewTimes times, @Nullable Integer timeToLiveDays) {
      this(times, timeToLiveDays, new TreeMap<>());
    }

    /** As JSON; null where there are none. */
    @Nullable String ownDays() {
      return featureDays.isEmpty()
          ? null
          : new String(Json.write(featureDays), StandardCharsets.UTF_8);
    }
  }

  /**
   * Writes every row; may be called again. Only a batch of them is in memory.
   *
   * @param wanted the project's own features; imported ones stay with the project they are of
   * @param database holds the table {@code features}
   * @throws TransientException if the database does not answer
   */
  void write(String view, String digest, Rows rows, Set<String> wanted, DuckDb database)
      throws SQLException {
    List<ColumnInfo> columns =
        database.columns("features").stream()
            .filter(column -> wanted.contains(column.name()))
            .toList();
    try {
      insert(view, digest, rows, columns, database);
    } catch (DataAccessResourceFailureException
        | TransientDataAccessException
        | RecoverableDataAccessException e) {
      throw new TransientException("the online feature table cannot be reached", e);
    }
  }

  private void insert(
      String view, String digest, Rows rows, List<ColumnInfo> columns, DuckDb database)
      throws SQLException {
    List<String> keys = new ArrayList<>();
    List<String> features = new ArrayList<>();
    Runnable insert =
        () -> {
          jdbc.update(
              "INSERT INTO far.online_rows (view, digest, entity_key, features, event_time,"
                  + " known_time, time_to_live_days, feature_days) SELECT ?, ?, key, features::jsonb, ?,"
                  + " ?, ?, ?::jsonb FROM"
                  + " unnest(?::text[], ?::text[]) AS batch(key, features) ON CONFLICT DO NOTHING",
              view,
              digest,
              Timestamp.from(rows.times().eventTime()),
              Timestamp.from(rows.times().knownTime()),
              rows.timeToLiveDays(),
              rows.ownDays(),
              keys.toArray(String[]::new),
              features.toArray(String[]::new));
          keys.clear();
          features.clear();
        };
    database.each(
        "SELECT entity_key%s FROM features"
            .formatted(columns.stream().map(OnlineTable::selected).collect(Collectors.joining())),
        row -> {
          keys.add(row.getString(1));
          features.add(new String(Json.write(record(row, columns)), StandardCharsets.UTF_8));
          if (keys.size() == BATCH) {
            insert.run();
          }
        });
    insert.run();
  }

  private static String selected(ColumnInfo column) {
    return ", CAST(%s AS %s)"
        .formatted(DuckDb.name(column.name()), column.isNumeric() ? "DOUBLE" : "VARCHAR");
  }

  /** The row's values by name; its first one is the key. */
  private static Map<String, @Nullable Object> record(ResultSet row, List<ColumnInfo> columns)
      throws SQLException {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      ColumnInfo column = columns.get(i);
      if (column.isNumeric()) {
        double value = row.getDouble(i + 2);
        values.put(column.name(), row.wasNull() || Double.isNaN(value) ? null : value);
      } else {
        values.put(column.name(), row.getString(i + 2));
      }
    }
    return values;
  }
}
