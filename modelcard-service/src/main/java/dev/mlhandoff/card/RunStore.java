package dev.mlhandoff.card;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.ProjectOutcome;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Events, runs and outcomes in PostgreSQL. Every write may be repeated, and the order in which
 * events arrive does not matter.
 */
final class RunStore {

  private final JdbcClient jdbc;

  RunStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Keeps an event; of one that was recorded twice, the earlier record. */
  void add(RecordedEvent recorded) {
    EventPosition position = recorded.position();
    PipelineEvent event = recorded.event();
    jdbc.sql(
            "INSERT INTO card.events AS known (event_id, run_id, topic, partition, record_offset,"
                + " content) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (event_id) DO UPDATE SET topic ="
                + " excluded.topic, partition = excluded.partition, record_offset ="
                + " excluded.record_offset, content = excluded.content WHERE (excluded.topic,"
                + " excluded.partition, excluded.record_offset) < (known.topic, known.partition,"
                + " known.record_offset)")
        .params(
            event.eventId(),
            event.runId(),
            position.topic(),
            position.partition(),
            position.offset(),
            json(event))
        .update();
  }

  Optional<Run> run(String runId) {
    List<RecordedEvent> events =
        jdbc.sql(
                "SELECT topic, partition, record_offset, content FROM card.events WHERE run_id = ?")
            .param(runId)
            .query(
                (row, n) ->
                    new RecordedEvent(
                        position(row), Json.read(bytes(row.getString(4)), PipelineEvent.class)))
            .list();
    return events.isEmpty() ? Optional.empty() : Optional.of(Run.of(events));
  }

  void put(RunSummary summary) {
    jdbc.sql(
            "INSERT INTO card.runs (run_id, started_at, summary) VALUES (?, ?, ?) ON CONFLICT"
                + " (run_id) DO UPDATE SET started_at = excluded.started_at, summary ="
                + " excluded.summary")
        .params(
            summary.runId(),
            OffsetDateTime.ofInstant(summary.startedAt(), ZoneOffset.UTC),
            json(summary))
        .update();
  }

  /** The newest runs, newest first. */
  List<RunSummary> newest(int limit) {
    return jdbc
        .sql("SELECT summary FROM card.runs ORDER BY started_at DESC, run_id LIMIT ?")
        .param(limit)
        .query(String.class)
        .list()
        .stream()
        .map(text -> Json.read(bytes(text), RunSummary.class))
        .toList();
  }

  /** The runs without an outcome, except repetitions: those wait for another run. */
  List<RunMetrics.OpenRun> open() {
    return jdbc.sql(
            "SELECT r.summary, last.content FROM card.runs r CROSS JOIN LATERAL (SELECT content"
                + " FROM card.events e WHERE e.run_id = r.run_id ORDER BY record_offset DESC LIMIT"
                + " 1) last WHERE NOT EXISTS (SELECT 1 FROM card.outcomes o WHERE o.run_id ="
                + " r.run_id) AND NOT EXISTS (SELECT 1 FROM card.repetitions p WHERE p.run_id ="
                + " r.run_id)")
        .query(
            (row, n) ->
                RunMetrics.OpenRun.of(
                    Json.read(bytes(row.getString(1)), RunSummary.class),
                    Json.read(bytes(row.getString(2)), PipelineEvent.class).occurredAt()))
        .list();
  }

  void put(Decision decision) {
    EventPosition position = decision.position();
    jdbc.sql(
            "INSERT INTO card.outcomes (run_id, topic, partition, record_offset, content) VALUES"
                + " (?, ?, ?, ?, ?) ON CONFLICT (run_id) DO UPDATE SET topic = excluded.topic,"
                + " partition = excluded.partition, record_offset = excluded.record_offset, content"
                + " = excluded.content")
        .params(
            decision.outcome().runId(),
            position.topic(),
            position.partition(),
            position.offset(),
            json(decision.outcome()))
        .update();
  }

  Optional<Decision> decision(String runId) {
    return jdbc.sql(
            "SELECT topic, partition, record_offset, content FROM card.outcomes WHERE run_id = ?")
        .param(runId)
        .query(
            (row, n) ->
                new Decision(
                    position(row), Json.read(bytes(row.getString(4)), ProjectOutcome.class)))
        .optional();
  }

  void repeats(String runId, String firstRunId) {
    jdbc.sql(
            "INSERT INTO card.repetitions (run_id, first_run_id) VALUES (?, ?) ON CONFLICT DO"
                + " NOTHING")
        .params(runId, firstRunId)
        .update();
  }

  /** The runs that wait for the outcome of this one. */
  List<String> repetitionsOf(String runId) {
    return jdbc.sql("SELECT run_id FROM card.repetitions WHERE first_run_id = ? ORDER BY run_id")
        .param(runId)
        .query(String.class)
        .list();
  }

  void retrains(String runId, String parentRunId) {
    jdbc.sql(
            "INSERT INTO card.retrains (run_id, parent_run_id) VALUES (?, ?) ON CONFLICT DO"
                + " NOTHING")
        .params(runId, parentRunId)
        .update();
  }

  /** The runs that train the version of this one again. */
  List<String> retrainsOf(String runId) {
    return jdbc.sql("SELECT run_id FROM card.retrains WHERE parent_run_id = ? ORDER BY run_id")
        .param(runId)
        .query(String.class)
        .list();
  }

  /** Remembers that everything up to and including this record is folded. */
  void folded(EventPosition position) {
    jdbc.sql(
            "INSERT INTO card.positions AS known (topic, partition, next_offset) VALUES (?, ?, ?)"
                + " ON CONFLICT (topic, partition) DO UPDATE SET next_offset ="
                + " greatest(known.next_offset, excluded.next_offset)")
        .params(position.topic(), position.partition(), position.offset() + 1)
        .update();
  }

  /** The offset up to which a partition is folded; 0 if nothing is. */
  long nextOffset(String topic, int partition) {
    return jdbc.sql("SELECT next_offset FROM card.positions WHERE topic = ? AND partition = ?")
        .params(topic, partition)
        .query(Long.class)
        .optional()
        .orElse(0L);
  }

  /** Grows whenever anything is folded. */
  long folded() {
    return jdbc.sql("SELECT coalesce(sum(next_offset), 0) FROM card.positions")
        .query(Long.class)
        .single();
  }

  static String json(Object value) {
    return new String(Json.write(value), StandardCharsets.UTF_8);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static EventPosition position(ResultSet row) throws SQLException {
    return new EventPosition(row.getString(1), row.getInt(2), row.getLong(3));
  }
}
