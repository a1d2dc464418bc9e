package dev.mlhandoff.esc;

import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which attempts a tracking server does not have yet, in PostgreSQL. */
final class TrackingQueue {

  private final JdbcClient jdbc;

  TrackingQueue(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * An attempt to replay.
   *
   * @param tries replays so far that failed
   */
  record Waiting(String runId, Deliverable deliverable, int tries) {}

  /** Records an attempt; nothing happens if it is known. */
  void add(String runId, Deliverable deliverable, Instant now) {
    jdbc.sql(
            "INSERT INTO esc.tracking (run_id, attempt, deliverable, next_try) VALUES (?, ?,"
                + " ?::json, ?) ON CONFLICT DO NOTHING")
        .params(
            runId,
            deliverable.attempt(),
            new String(Json.write(deliverable), StandardCharsets.UTF_8),
            utc(now))
        .update();
  }

  /** What is to be tried by now, the longest waiting first. */
  List<Waiting> due(Instant now) {
    return jdbc.sql(
            "SELECT run_id, deliverable::text, tries FROM esc.tracking WHERE NOT tracked AND"
                + " next_try <= ? ORDER BY next_try LIMIT 20")
        .param(utc(now))
        .query(
            (row, n) ->
                new Waiting(
                    row.getString(1),
                    Json.read(row.getString(2).getBytes(StandardCharsets.UTF_8), Deliverable.class),
                    row.getInt(3)))
        .list();
  }

  void tracked(Waiting waiting) {
    jdbc.sql("UPDATE esc.tracking SET tracked = true, reason = '' WHERE run_id = ? AND attempt = ?")
        .params(waiting.runId(), waiting.deliverable().attempt())
        .update();
  }

  void failed(Waiting waiting, String reason, Instant nextTry) {
    jdbc.sql(
            "UPDATE esc.tracking SET tries = tries + 1, reason = ?, next_try = ? WHERE run_id = ?"
                + " AND attempt = ?")
        .params(reason, utc(nextTry), waiting.runId(), waiting.deliverable().attempt())
        .update();
  }

  /** How many attempts are not tracked. */
  long waiting() {
    return jdbc.sql("SELECT count(*) FROM esc.tracking WHERE NOT tracked")
        .query(Long.class)
        .single();
  }

  private static OffsetDateTime utc(Instant instant) {
    return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
  }
}
