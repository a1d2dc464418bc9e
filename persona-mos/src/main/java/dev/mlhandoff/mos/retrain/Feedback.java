package dev.mlhandoff.mos.retrain;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.mos.monitoring.PredictionRecord;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Labelled predictions as rows of the table {@code feedback}, with the features that were scored.
 * Values are read as serving read them: what is no number in a numeric column is missing. A
 * prediction that repeats entity, features and outcome of another says nothing new and is left out.
 */
final class Feedback implements AutoCloseable {

  private final List<ColumnInfo> features;
  private final DuckDBAppender appender;
  private final Set<String> seen = new HashSet<>();
  private final Map<String, Integer> given = new HashMap<>();
  private long repeated;
  private long unknown;

  /**
   * @param features the candidate features of the original table
   */
  Feedback(DuckDb database, List<ColumnInfo> features) throws SQLException {
    this.features = features;
    StringBuilder columns =
        new StringBuilder(
            "prediction_id VARCHAR, entity VARCHAR, version VARCHAR, predicted_at TIMESTAMP,"
                + " outcome_at TIMESTAMP, label INTEGER");
    for (ColumnInfo feature : features) {
      columns
          .append(", ")
          .append(DuckDb.name(feature.name()))
          .append(feature.isNumeric() ? " DOUBLE" : " VARCHAR");
    }
    database.execute("CREATE TABLE feedback (" + columns + ")");
    appender =
        database.connection().unwrap(DuckDBConnection.class).createAppender("main", "feedback");
  }

  /** Adds a prediction whose outcome is known; the newest come first. */
  void add(PredictionRecord prediction) throws SQLException {
    Boolean outcome = prediction.outcome();
    if (outcome == null) {
      return;
    }
    String hash = prediction.entityKeyHash();
    if (hash != null && !seen.add(content(hash, prediction, outcome))) {
      repeated++;
      return;
    }
    unknown += hash == null ? 1 : 0;
    appender.beginRow();
    appender.append(prediction.predictionId());
    // Nobody can tell whose it was, so it stands for itself.
    appender.append(hash == null ? "prediction/" + prediction.predictionId() : hash);
    appender.append(prediction.version());
    appender.append(time(prediction.predictedAt()));
    Instant known = prediction.outcomeAt();
    appender.append(time(known == null ? prediction.predictedAt() : known));
    appender.append(outcome ? 1 : 0);
    for (ColumnInfo feature : features) {
      Object value = prediction.features().get(feature.name());
      if (prediction.features().containsKey(feature.name())) {
        given.merge(feature.name(), 1, Integer::sum);
      }
      if (feature.isNumeric()) {
        appender.append(value instanceof Number number ? (Double) number.doubleValue() : null);
      } else {
        appender.append(value == null ? null : value.toString());
      }
    }
    appender.endRow();
  }

  /** In how many rows a feature was named, be it as missing. */
  int given(String feature) {
    return given.getOrDefault(feature, 0);
  }

  long repeated() {
    return repeated;
  }

  long unknownEntities() {
    return unknown;
  }

  @Override
  public void close() throws SQLException {
    appender.close();
  }

  private static String content(String hash, PredictionRecord prediction, boolean outcome) {
    Map<String, @Nullable Object> sorted = new TreeMap<>(prediction.features());
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest((hash + outcome + sorted).getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static LocalDateTime time(Instant at) {
    return LocalDateTime.ofInstant(at, ZoneOffset.UTC);
  }
}
