package dev.mlhandoff.far;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.ParquetTable;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.runtime.TransientException;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
   */
  record Rows(ViewTimes times, @Nullable Integer timeToLiveDays) {}

  /**
   * Writes every row; may be called again.
   *
   * @param columns the project's own features; imported ones stay with the project they are of
   * @throws TransientException if the database does not answer
   */
  void write(String view, String digest, Rows rows, Set<String> columns, ParquetTable features) {
    try {
      insert(view, digest, rows, columns, features);
    } catch (DataAccessResourceFailureException
        | TransientDataAccessException
        | RecoverableDataAccessException e) {
      throw new TransientException("the online feature table cannot be reached", e);
    }
  }

  private void insert(
      String view, String digest, Rows rows, Set<String> columns, ParquetTable features) {
    Timestamp eventTime = Timestamp.from(rows.times().eventTime());
    Timestamp knownTime = Timestamp.from(rows.times().knownTime());
    @Nullable String[] keys = features.texts("entity_key");
    List<@Nullable Object[]> batch = new ArrayList<>();
    for (int row = 0; row < features.rows(); row++) {
      String json = new String(Json.write(record(features, columns, row)), StandardCharsets.UTF_8);
      batch.add(
          new @Nullable Object[] {
            view, digest, keys[row], json, eventTime, knownTime, rows.timeToLiveDays()
          });
      if (batch.size() == BATCH || row + 1 == features.rows()) {
        jdbc.batchUpdate(
            "INSERT INTO far.online_rows (view, digest, entity_key, features, event_time,"
                + " known_time, time_to_live_days) VALUES (?, ?, ?, ?::jsonb, ?, ?, ?) ON CONFLICT"
                + " DO NOTHING",
            batch);
        batch.clear();
      }
    }
  }

  private static Map<String, @Nullable Object> record(
      ParquetTable features, Set<String> wanted, int row) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (ColumnInfo column : features.columns()) {
      if (!wanted.contains(column.name())) {
        continue;
      }
      if (column.isNumeric()) {
        double value = features.numbers(column.name())[row];
        values.put(column.name(), Double.isNaN(value) ? null : value);
      } else {
        values.put(column.name(), features.texts(column.name())[row]);
      }
    }
    return values;
  }
}
