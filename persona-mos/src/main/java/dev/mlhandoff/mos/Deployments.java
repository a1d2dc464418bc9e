package dev.mlhandoff.mos;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.RouteTable;
import dev.mlhandoff.messages.RouteTable.Role;
import dev.mlhandoff.messages.RouteTable.Route;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.mos.rollout.Position;
import dev.mlhandoff.mos.rollout.Position.State;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Deployments, routes and the audit trail in PostgreSQL; the row always changes first. */
final class Deployments {

  private static final String COLUMNS =
      "SELECT handoff::text, state, step, reason, announced, staged_at FROM mos.deployments";

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final Clock clock;

  Deployments(JdbcClient jdbc, TransactionTemplate transaction, Clock clock) {
    this.jdbc = jdbc;
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

  /** What needs attention: the oldest open deployment of each model. */
  List<Deployment> open() {
    return jdbc.sql(
            COLUMNS
                + " WHERE run_id IN (SELECT DISTINCT ON (model_id) run_id FROM mos.deployments WHERE"
                + " state IN ('STAGED', 'CANARY') OR NOT announced ORDER BY model_id, staged_at)"
                + " ORDER BY staged_at")
        .query((row, n) -> deployment(row))
        .list();
  }

  /**
   * Moves a deployment on, unless somebody else moved it first, together with the model's route.
   *
   * @return whether this call moved it
   */
  boolean move(Deployment from, Position to, String reason) {
    return Boolean.TRUE.equals(
        transaction.execute(
            status -> {
              StageHandoff handoff = from.handoff();
              int moved =
                  jdbc.sql(
                          "UPDATE mos.deployments SET state = ?, step = ?, reason = ?, announced ="
                              + " false, changed_at = ? WHERE run_id = ? AND state = ? AND step = ?")
                      .params(
                          to.state().name(),
                          to.step(),
                          reason,
                          now(),
                          handoff.runId(),
                          from.position().state().name(),
                          from.position().step())
                      .update();
              if (moved == 0) {
                return false;
              }
              if (to.state() == State.PRODUCTION) {
                jdbc.sql(
                        "UPDATE mos.deployments SET state = 'SUPERSEDED', changed_at = ? WHERE"
                            + " model_id = ? AND state = 'PRODUCTION' AND run_id <> ?")
                    .params(now(), handoff.modelId(), handoff.runId())
                    .update();
              }
              long revision = route(handoff.modelId()).map(RouteTable::revision).orElse(0L) + 1;
              store(routes(handoff.modelId(), revision));
              List<Integer> steps = handoff.request().rollout().steps();
              jdbc.sql(
                      "INSERT INTO mos.transitions (run_id, from_state, to_state, revision, reason,"
                          + " at) VALUES (?, ?, ?, ?, ?, ?)")
                  .params(
                      handoff.runId(),
                      from.position().label(steps),
                      to.label(steps),
                      revision,
                      reason,
                      now())
                  .update();
              return true;
            }));
  }

  void announced(String runId) {
    jdbc.sql("UPDATE mos.deployments SET announced = true WHERE run_id = ?").param(runId).update();
  }

  Optional<RouteTable> route(String modelId) {
    return jdbc.sql("SELECT content::text FROM mos.routes WHERE model_id = ?")
        .param(modelId)
        .query(String.class)
        .optional()
        .map(text -> Json.read(text.getBytes(StandardCharsets.UTF_8), RouteTable.class));
  }

  private void store(RouteTable table) {
    jdbc.sql(
            "INSERT INTO mos.routes (model_id, revision, content) VALUES (?, ?, ?::jsonb) ON CONFLICT"
                + " (model_id) DO UPDATE SET revision = excluded.revision, content ="
                + " excluded.content")
        .params(table.modelId(), table.revision(), json(table))
        .update();
  }

  /** The candidate gets its step's share; what served before keeps the rest, and stays warm. */
  private RouteTable routes(String modelId, long revision) {
    List<Deployment> all =
        jdbc.sql(COLUMNS + " WHERE model_id = ? ORDER BY staged_at DESC")
            .param(modelId)
            .query((row, n) -> deployment(row))
            .list();
    Optional<Deployment> production = first(all, State.PRODUCTION);
    Optional<Deployment> canary = first(all, State.CANARY);
    List<Route> routes = new ArrayList<>();
    // Without an older version the public waits until the candidate has passed every step.
    int share =
        production.isPresent()
            ? canary
                .map(c -> c.position().weight(c.handoff().request().rollout().steps()))
                .orElse(0)
            : 0;
    canary.ifPresent(c -> routes.add(route(c, share > 0 ? Role.CANARY : Role.STAGED, share)));
    production.ifPresent(p -> routes.add(route(p, Role.PRODUCTION, 100 - share)));
    first(all, State.SUPERSEDED).ifPresent(s -> routes.add(route(s, Role.STANDBY, 0)));
    return new RouteTable(modelId, revision, routes);
  }

  private static Optional<Deployment> first(List<Deployment> all, State state) {
    return all.stream().filter(d -> d.position().state() == state).findFirst();
  }

  private static Route route(Deployment deployment, Role role, int weight) {
    StageHandoff handoff = deployment.handoff();
    return new Route(
        handoff.version(),
        handoff.runId(),
        role,
        weight,
        handoff.deliverable(StageIds.TRAINING).artifact("model-bundle"),
        handoff.deliverable(StageIds.FEATURE_ENGINEERING).artifact("features").sha256());
  }

  private static Deployment deployment(ResultSet row) throws SQLException {
    return new Deployment(
        Json.read(row.getString(1).getBytes(StandardCharsets.UTF_8), StageHandoff.class),
        new Position(State.valueOf(row.getString(2)), row.getInt(3)),
        row.getString(4),
        row.getBoolean(5),
        row.getObject(6, OffsetDateTime.class).toInstant());
  }

  private OffsetDateTime now() {
    return OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  private static String json(Object value) {
    return new String(Json.write(value), StandardCharsets.UTF_8);
  }
}
