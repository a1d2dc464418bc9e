package dev.mlhandoff.card;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ModelCard;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.DuplicateRequest;
import dev.mlhandoff.messages.ProjectOutcome;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Events, outcomes and cards in PostgreSQL. Every write may be repeated: unique keys decide, and
 * the order in which events arrive does not matter.
 */
final class RunStore {

  private final JdbcClient jdbc;

  RunStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  void add(PipelineEvent event) {
    jdbc.sql(
            "INSERT INTO card.events (event_id, run_id, occurred_at, type, content) VALUES (?, ?, ?,"
                + " ?, ?::jsonb) ON CONFLICT DO NOTHING")
        .params(
            event.eventId(),
            event.runId(),
            OffsetDateTime.ofInstant(event.occurredAt(), ZoneOffset.UTC),
            event.getClass().getSimpleName(),
            json(event))
        .update();
  }

  /** All events of a run, oldest first. */
  List<PipelineEvent> events(String runId) {
    return jdbc
        .sql("SELECT content::text FROM card.events WHERE run_id = ? ORDER BY occurred_at")
        .param(runId)
        .query(String.class)
        .list()
        .stream()
        .map(text -> Json.read(bytes(text), PipelineEvent.class))
        .toList();
  }

  /** The runs, newest first. */
  List<String> runIds() {
    return jdbc.sql(
            "SELECT run_id FROM card.events GROUP BY run_id ORDER BY min(occurred_at) DESC LIMIT 200")
        .query(String.class)
        .list();
  }

  /**
   * Keeps the outcome of a run if it has none yet.
   *
   * @return whether this event is the one that ended the run, now or at an earlier delivery
   */
  boolean ends(String runId, String eventId, ProjectOutcome outcome) {
    jdbc.sql(
            "INSERT INTO card.outcomes (run_id, event_id, content) VALUES (?, ?, ?::jsonb) ON"
                + " CONFLICT DO NOTHING")
        .params(runId, eventId, json(outcome))
        .update();
    return jdbc.sql("SELECT event_id FROM card.outcomes WHERE run_id = ?")
        .param(runId)
        .query(String.class)
        .single()
        .equals(eventId);
  }

  Optional<ProjectOutcome> outcome(String runId) {
    return jdbc.sql("SELECT content::text FROM card.outcomes WHERE run_id = ?")
        .param(runId)
        .query(String.class)
        .optional()
        .map(text -> Json.read(bytes(text), ProjectOutcome.class));
  }

  void repeats(DuplicateRequest repetition) {
    jdbc.sql(
            "INSERT INTO card.repetitions (run_id, first_run_id, content) VALUES (?, ?, ?::jsonb) ON"
                + " CONFLICT DO NOTHING")
        .params(repetition.runId(), repetition.firstRunId(), json(repetition))
        .update();
  }

  /** The requests that wait for the outcome of this run. */
  List<DuplicateRequest> repetitionsOf(String runId) {
    return jdbc
        .sql("SELECT content::text FROM card.repetitions WHERE first_run_id = ? ORDER BY run_id")
        .param(runId)
        .query(String.class)
        .list()
        .stream()
        .map(text -> Json.read(bytes(text), DuplicateRequest.class))
        .toList();
  }

  void put(String modelId, String runId, ModelCard card) {
    jdbc.sql(
            "INSERT INTO card.cards (model_id, version, run_id, content) VALUES (?, ?, ?, ?::jsonb)"
                + " ON CONFLICT (model_id, version) DO UPDATE SET content = excluded.content")
        .params(modelId, card.version(), runId, json(card))
        .update();
  }

  /** The card of a run, or the newest one of a model. */
  Optional<ModelCard> card(String runOrModel) {
    return jdbc.sql(
            "SELECT content::text FROM card.cards WHERE run_id = ? OR model_id = ? ORDER BY"
                + " string_to_array(version, '.')::int[] DESC LIMIT 1")
        .params(runOrModel, runOrModel)
        .query(String.class)
        .optional()
        .map(text -> Json.read(bytes(text), ModelCard.class));
  }

  List<String> models() {
    return jdbc.sql("SELECT DISTINCT model_id FROM card.cards ORDER BY 1")
        .query(String.class)
        .list();
  }

  private static String json(Object value) {
    return new String(Json.write(value), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
