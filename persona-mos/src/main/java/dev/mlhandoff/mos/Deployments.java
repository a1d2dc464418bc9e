package dev.mlhandoff.mos;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.RouteTable;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.mos.rollout.Position;
import dev.mlhandoff.mos.rollout.Position.State;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Deployments, routes and the audit trail in PostgreSQL; the row always changes first. */
final class Deployments {

  private static final String COLUMNS =
      "SELECT handoff::text, state, step, staged_at, changed_at FROM mos.deployments";

  private final JdbcClient jdbc;
  private final RouteRows routes;
  private final AbTestRows tests;
  private final TransactionTemplate transaction;
  private final Clock clock;

  Deployments(
      JdbcClient jdbc,
      RouteRows routes,
      AbTestRows tests,
      TransactionTemplate transaction,
      Clock clock) {
    this.jdbc = jdbc;
    this.routes = routes;
    this.tests = tests;
    this.transaction = transaction;
    this.clock = clock;
  }

  /** Records a new deployment; nothing happens if the run is known. */
  void stage(StageHandoff handoff) {
    jdbc.sql(
            "INSERT INTO mos.deployments (run_id, model_id, version, state, step, handoff,"
                + " staged_at, changed_at) VALUES (?, ?, ?, 'STAGED', -1, ?::jsonb, ?, ?) ON"
                + " CONFLICT DO NOTHING")
        .params(handoff.runId(), handoff.modelId(), handoff.version(), json(handoff), now(), now())
        .update();
  }

  /** The rollouts to be carried on: the oldest open one of each model. */
  List<Deployment> open() {
    return jdbc.sql(
            COLUMNS
                + " WHERE run_id IN (SELECT DISTINCT ON (model_id) run_id FROM mos.deployments WHERE"
                + " state IN ('STAGED', 'SHADOW', 'CANARY') ORDER BY model_id, staged_at)"
                + " ORDER BY staged_at")
        .query((row, n) -> deployment(row))
        .list();
  }

  /** Every deployment of a model, newest first. */
  List<Deployment> of(String modelId) {
    return jdbc.sql(COLUMNS + " WHERE model_id = ? ORDER BY staged_at DESC")
        .param(modelId)
        .query((row, n) -> deployment(row))
        .list();
  }

  /** Every deployment in a state, of all models. */
  List<Deployment> in(State state) {
    return jdbc.sql(COLUMNS + " WHERE state = ? ORDER BY model_id")
        .param(state.name())
        .query((row, n) -> deployment(row))
        .list();
  }

  /** The newest deployment of a model in a state. */
  Optional<Deployment> find(String modelId, State state) {
    return jdbc.sql(COLUMNS + " WHERE model_id = ? AND state = ? ORDER BY staged_at DESC LIMIT 1")
        .params(modelId, state.name())
        .query((row, n) -> deployment(row))
        .optional();
  }

  /**
   * Moves a deployment on, unless somebody else moved it first, together with the model's route and
   * the versions that it replaces or that replace it.
   *
   * @return whether this call moved it
   */
  boolean move(Deployment from, Position to, String reason) {
    return move(from, to, reason, null);
  }

  /**
   * Like {@link #move(Deployment, Position, String)}.
   *
   * @param code rejection code of a run that this ends, if it is not the usual one
   */
  boolean move(Deployment from, Position to, String reason, @Nullable String code) {
    return Boolean.TRUE.equals(
        transaction.execute(
            status -> {
              routes.lock(from.modelId());
              long revision = routes.nextRevision(from.modelId());
              if (!write(from, to, revision, reason, code)) {
                return false;
              }
              if (to.state() == State.PRODUCTION) {
                replaceOthers(from, revision);
              } else if (to.state() == State.ROLLED_BACK
                  && from.position().state() == State.PRODUCTION) {
                tests
                    .running(from.modelId())
                    .ifPresent(
                        test ->
                            tests.end(test.testId(), AbTest.State.STOPPED, clock.instant(), null));
                find(from.modelId(), State.SUPERSEDED)
                    .ifPresent(
                        before ->
                            write(
                                before,
                                Position.at(State.PRODUCTION),
                                revision,
                                from.version() + " was rolled back",
                                null));
              }
              reroute(from.modelId());
              return true;
            }));
  }

  /** Writes the model's next route; the caller holds its lock, in a transaction. */
  void reroute(String modelId) {
    routes.store(
        RouteTables.of(
            modelId,
            routes.nextRevision(modelId),
            of(modelId),
            tests.running(modelId).orElse(null)));
  }

  /** Whether an A/B test splits the model's traffic; rollouts wait for its end. */
  boolean isUnderTest(String modelId) {
    return tests.running(modelId).isPresent();
  }

  private void replaceOthers(Deployment promoted, long revision) {
    String reason = "replaced by " + promoted.version();
    for (Deployment other : of(promoted.modelId())) {
      if (other.handoff().runId().equals(promoted.handoff().runId())) {
        continue;
      }
      if (other.position().state() == State.SUPERSEDED) {
        write(other, Position.at(State.RETIRED), revision, reason, null);
      } else if (other.position().state() == State.PRODUCTION) {
        write(other, Position.at(State.SUPERSEDED), revision, reason, null);
      }
    }
  }

  private boolean write(
      Deployment from, Position to, long revision, String reason, @Nullable String code) {
    StageHandoff handoff = from.handoff();
    int moved =
        jdbc.sql(
                "UPDATE mos.deployments SET state = ?, step = ?, reason = ?, changed_at = ? WHERE"
                    + " run_id = ? AND state = ? AND step = ?")
            .params(
                to.state().name(),
                to.step(),
                reason,
                now(),
                handoff.runId(),
                from.position().state().name(),
                from.position().step())
            .update();
    if (moved == 1) {
      jdbc.sql(
              "INSERT INTO mos.transitions (run_id, from_state, to_state, revision, reason, code,"
                  + " at) VALUES (?, ?, ?, ?, ?, ?, ?)")
          .params(
              handoff.runId(),
              from.label(),
              to.label(handoff.request().rollout().steps()),
              revision,
              reason)
          .param(code)
          .param(now())
          .update();
    }
    return moved == 1;
  }

  /** The audit trail that has not been announced yet, oldest first. */
  List<Transition> unannounced() {
    return transitions("WHERE NOT t.announced", List.of());
  }

  /** The audit trail of a model, oldest first. */
  List<Transition> transitions(String modelId) {
    return transitions("WHERE d.model_id = ?", List.of(modelId));
  }

  private List<Transition> transitions(String condition, List<Object> parameters) {
    return jdbc.sql(
            "SELECT t.id, d.handoff::text, d.staged_at, t.from_state, t.to_state, t.revision,"
                + " t.reason, t.code, t.at, t.stopped_after_ms FROM mos.transitions t JOIN mos.deployments d USING (run_id) "
                + condition
                + " ORDER BY t.id")
        .params(parameters)
        .query(
            (row, n) ->
                new Transition(
                    row.getLong(1),
                    handoff(row.getString(2)),
                    instant(row, 3),
                    row.getString(4),
                    row.getString(5),
                    row.getLong(6),
                    row.getString(7),
                    row.getString(8),
                    instant(row, 9),
                    row.getObject(10, Long.class)))
        .list();
  }

  void announced(Transition transition) {
    jdbc.sql("UPDATE mos.transitions SET announced = true WHERE id = ?")
        .param(transition.id())
        .update();
  }

  Optional<RouteTable> route(String modelId) {
    return routes.find(modelId);
  }

  /** Rollbacks of versions that answered the public, decided before then and not measured. */
  List<Transition> unmeasured(Instant before) {
    return transitions(
        "WHERE t.to_state = 'rolled back' AND (t.from_state LIKE 'canary%' OR t.from_state ="
            + " 'production') AND t.stopped_after_ms IS NULL AND t.at < ?",
        List.of(OffsetDateTime.ofInstant(before, ZoneOffset.UTC)));
  }

  void measured(Transition rollback, long stoppedAfterMs) {
    jdbc.sql("UPDATE mos.transitions SET stopped_after_ms = ? WHERE id = ?")
        .params(stoppedAfterMs, rollback.id())
        .update();
  }

  List<Transition> unannouncedMeasurements() {
    return transitions("WHERE t.stopped_after_ms IS NOT NULL AND NOT t.stop_announced", List.of());
  }

  void measurementAnnounced(Transition rollback) {
    jdbc.sql("UPDATE mos.transitions SET stop_announced = true WHERE id = ?")
        .param(rollback.id())
        .update();
  }

  private static Deployment deployment(ResultSet row) throws SQLException {
    return new Deployment(
        handoff(row.getString(1)),
        new Position(State.valueOf(row.getString(2)), row.getInt(3)),
        instant(row, 4),
        instant(row, 5));
  }

  private static StageHandoff handoff(String text) {
    return Json.read(text.getBytes(StandardCharsets.UTF_8), StageHandoff.class);
  }

  private static Instant instant(ResultSet row, int column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private OffsetDateTime now() {
    return OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  private static String json(Object value) {
    return new String(Json.write(value), StandardCharsets.UTF_8);
  }
}
