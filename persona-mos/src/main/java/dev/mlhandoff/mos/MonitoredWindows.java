package dev.mlhandoff.mos;

import dev.mlhandoff.messages.Alert.Severity;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.MonitoringWindow.Kind;
import dev.mlhandoff.mos.monitoring.ConfirmedDrift;
import dev.mlhandoff.mos.monitoring.WindowReport;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Judged windows and the drifts they confirmed, in PostgreSQL. */
final class MonitoredWindows {

  private static final String SELECT =
      "SELECT model_id, version, kind, position, after_arrived, up_to_arrived, predictions, at,"
          + " report::text FROM mos.monitored_windows WHERE model_id = ?";

  private final JdbcClient jdbc;

  MonitoredWindows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** The latest window of a version; the next one begins behind its position. */
  Optional<JudgedWindow> latest(String modelId, String version, Kind kind) {
    return jdbc.sql(SELECT + " AND version = ? AND kind = ? ORDER BY position DESC LIMIT 1")
        .params(modelId, version, kind.name())
        .query((row, n) -> window(row))
        .optional();
  }

  /** The latest windows of a model over all versions, newest first. */
  List<JudgedWindow> latest(String modelId, int limit) {
    return jdbc.sql(SELECT + " ORDER BY at DESC, position DESC LIMIT ?")
        .params(modelId, limit)
        .query((row, n) -> window(row))
        .list();
  }

  /** Adds a window; fails if another replica has judged it. */
  void add(JudgedWindow window) {
    jdbc.sql(
            "INSERT INTO mos.monitored_windows (model_id, version, kind, position, after_arrived,"
                + " up_to_arrived, predictions, at, report) VALUES (?, ?, ?, ?, ?, ?, ?, ?,"
                + " ?::jsonb)")
        .params(
            window.modelId(),
            window.version(),
            window.kind().name(),
            window.position(),
            window.afterArrived(),
            window.upToArrived(),
            window.predictions(),
            time(window.at()),
            json(window.report()))
        .update();
  }

  /**
   * Notes that something is told now, unless it was told, no less severely, within the cool-down.
   *
   * @return whether it is to be told
   */
  boolean tell(JudgedWindow window, String what, Severity severity, Duration coolDown) {
    return jdbc.sql(
                "INSERT INTO mos.told (model_id, version, what, severity, at) VALUES (?, ?, ?, ?, ?)"
                    + " ON CONFLICT (model_id, version, what) DO UPDATE SET severity ="
                    + " excluded.severity, at = excluded.at WHERE told.at <= ? OR (told.severity ="
                    + " 'WARNING' AND excluded.severity = 'CRITICAL')")
            .params(
                window.modelId(),
                window.version(),
                what,
                severity.name(),
                time(window.at()),
                time(window.at().minus(coolDown)))
            .update()
        == 1;
  }

  void add(ConfirmedDrift drift) {
    jdbc.sql(
            "INSERT INTO mos.confirmed_drifts (id, content, at) VALUES (?, ?::jsonb, ?) ON CONFLICT"
                + " DO NOTHING")
        .params(drift.id(), json(drift), time(drift.at()))
        .update();
  }

  /** Confirmed drifts that nothing has been done about, oldest first. */
  List<ConfirmedDrift> unanswered() {
    return jdbc.sql("SELECT content::text FROM mos.confirmed_drifts WHERE NOT answered ORDER BY at")
        .query((row, n) -> read(row.getString(1), ConfirmedDrift.class))
        .list();
  }

  void answered(ConfirmedDrift drift) {
    jdbc.sql("UPDATE mos.confirmed_drifts SET answered = true WHERE id = ?")
        .param(drift.id())
        .update();
  }

  private static JudgedWindow window(ResultSet row) throws SQLException {
    return new JudgedWindow(
        row.getString(1),
        row.getString(2),
        Kind.valueOf(row.getString(3)),
        row.getLong(4),
        row.getLong(5),
        row.getLong(6),
        row.getInt(7),
        row.getObject(8, OffsetDateTime.class).toInstant(),
        read(row.getString(9), WindowReport.class));
  }

  private static <T> T read(String json, Class<T> type) {
    return Json.read(json.getBytes(StandardCharsets.UTF_8), type);
  }

  private static String json(Object value) {
    return new String(Json.write(value), StandardCharsets.UTF_8);
  }

  private static OffsetDateTime time(Instant at) {
    return OffsetDateTime.ofInstant(at, ZoneOffset.UTC);
  }
}
