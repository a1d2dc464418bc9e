package dev.mlhandoff.mos;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.mos.monitoring.PredictionRecord;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reads the stored predictions. A prediction is public if it answered somebody by the model's
 * routes: no replay, no shadow, no version that was asked for by name. Pages follow {@code arrived}
 * or {@code labelled}, whose order is that of becoming visible: nothing appears behind a position
 * that was read.
 */
final class PredictionRecords {

  private static final String COLUMNS =
      "SELECT arrived, prediction_id, model_id, version, arm, entity_key_hash, features::text,"
          + " probability, decision, latency_ms, failed_version, replay, predicted_at, outcome,"
          + " outcome_at, labelled FROM mos.predictions ";
  private static final String SELECT = COLUMNS + "WHERE model_id = ? AND version = ?";
  private static final String PUBLIC = " AND NOT replay AND arm NOT IN ('shadow', 'direct')";

  private final JdbcClient jdbc;

  PredictionRecords(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** The oldest public predictions that arrived after a position, in order. */
  List<PredictionRecord> after(String modelId, String version, long arrived, int limit) {
    return list(
        SELECT + PUBLIC + " AND arrived > ? ORDER BY arrived LIMIT ?",
        modelId,
        version,
        arrived,
        limit);
  }

  /** The oldest predictions of a version on one arm that arrived after a position, in order. */
  List<PredictionRecord> after(
      String modelId, String version, String arm, long arrived, int limit) {
    return list(
        SELECT + " AND NOT replay AND arm = ? AND arrived > ? ORDER BY arrived LIMIT ?",
        modelId,
        version,
        arm,
        arrived,
        limit);
  }

  /** The public predictions whose outcome became known after a position, in that order. */
  List<PredictionRecord> labelledAfter(String modelId, String version, long labelled, int limit) {
    return list(
        SELECT + PUBLIC + " AND labelled > ? ORDER BY labelled LIMIT ?",
        modelId,
        version,
        labelled,
        limit);
  }

  /** The public predictions with a known outcome that arrived after one position, up to another. */
  List<PredictionRecord> labelledBetween(
      String modelId, String version, long afterArrived, long upToArrived) {
    return list(
        SELECT
            + PUBLIC
            + " AND labelled IS NOT NULL AND arrived > ? AND arrived <= ? ORDER BY arrived",
        modelId,
        version,
        afterArrived,
        upToArrived);
  }

  /**
   * The newest public predictions of a major version whose outcome is known and that arrived before
   * a position, newest first.
   */
  List<PredictionRecord> labelledOfMajor(
      String modelId, String major, long beforeArrived, int limit) {
    return list(
        COLUMNS
            + "WHERE model_id = ? AND split_part(version, '.', 1) = ?"
            + PUBLIC
            + " AND labelled IS NOT NULL AND arrived < ? ORDER BY arrived DESC LIMIT ?",
        modelId,
        major,
        beforeArrived,
        limit);
  }

  /** How many public predictions of a version arrived after a position. */
  long count(String modelId, String version, long arrived) {
    return number(
        "SELECT count(*) FROM mos.predictions WHERE model_id = ? AND version = ?"
            + PUBLIC
            + " AND arrived > ?",
        modelId,
        version,
        arrived);
  }

  /** How many outcomes of public predictions became known after a position. */
  long countLabelled(String modelId, String version, long labelled) {
    return number(
        "SELECT count(*) FROM mos.predictions WHERE model_id = ? AND version = ?"
            + PUBLIC
            + " AND labelled > ?",
        modelId,
        version,
        labelled);
  }

  /**
   * How many entities a major version made public predictions of whose outcome is known; one that
   * nobody can name stands for itself.
   */
  long labelledEntitiesOfMajor(String modelId, String major) {
    return number(
        "SELECT count(DISTINCT coalesce(entity_key_hash, 'prediction/' || prediction_id)) FROM"
            + " mos.predictions WHERE model_id = ? AND split_part(version, '.', 1) = ?"
            + PUBLIC
            + " AND labelled IS NOT NULL",
        modelId,
        major);
  }

  private long number(String sql, Object... parameters) {
    return jdbc.sql(sql).params(List.of(parameters)).query(Long.class).single();
  }

  private List<PredictionRecord> list(String sql, Object... parameters) {
    return jdbc.sql(sql).params(List.of(parameters)).query((row, n) -> record(row)).list();
  }

  private static PredictionRecord record(ResultSet row) throws SQLException {
    return new PredictionRecord(
        row.getLong(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        features(row.getString(7)),
        row.getDouble(8),
        row.getBoolean(9),
        row.getObject(10, Double.class),
        row.getString(11),
        row.getBoolean(12),
        Objects.requireNonNull(instant(row, 13)),
        row.getObject(14, Boolean.class),
        instant(row, 15),
        row.getObject(16, Long.class));
  }

  @SuppressWarnings("unchecked") // the column holds JSON objects only
  private static Map<String, @Nullable Object> features(String json) {
    return Json.read(json.getBytes(StandardCharsets.UTF_8), Map.class);
  }

  private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
