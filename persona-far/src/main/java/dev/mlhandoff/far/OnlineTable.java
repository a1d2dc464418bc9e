package dev.mlhandoff.far;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.ParquetTable;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.runtime.TransientException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** Raw feature rows for serving, keyed by view, digest and entity; written again without harm. */
final class OnlineTable {

  private static final List<String> NOT_FEATURES =
      List.of("entity_key", "label", "holdout", "fold");
  private static final int BATCH = 1000;

  private final JdbcTemplate jdbc;

  OnlineTable(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Writes every row; may be called again.
   *
   * @throws TransientException if the database does not answer
   */
  void write(String view, String digest, ParquetTable features) {
    try {
      insert(view, digest, features);
    } catch (DataAccessResourceFailureException
        | TransientDataAccessException
        | RecoverableDataAccessException e) {
      throw new TransientException("the online feature table cannot be reached", e);
    }
  }

  private void insert(String view, String digest, ParquetTable features) {
    @Nullable String[] keys = features.texts("entity_key");
    List<Object[]> batch = new ArrayList<>();
    for (int row = 0; row < features.rows(); row++) {
      String json = new String(Json.write(record(features, row)), StandardCharsets.UTF_8);
      batch.add(new Object[] {view, digest, String.valueOf(keys[row]), json});
      if (batch.size() == BATCH || row + 1 == features.rows()) {
        jdbc.batchUpdate(
            "INSERT INTO far.online_features (view, digest, entity_key, features) VALUES"
                + " (?, ?, ?, ?::jsonb) ON CONFLICT DO NOTHING",
            batch);
        batch.clear();
      }
    }
  }

  private static Map<String, @Nullable Object> record(ParquetTable features, int row) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (ColumnInfo column : features.columns()) {
      if (NOT_FEATURES.contains(column.name())) {
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
