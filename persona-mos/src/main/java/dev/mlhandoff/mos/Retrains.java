package dev.mlhandoff.mos;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.mos.Retrain.State;
import dev.mlhandoff.mos.retrain.OrderBounds;
import dev.mlhandoff.mos.retrain.OrderBounds.Refusal;
import dev.mlhandoff.mos.rollout.Position;
import dev.mlhandoff.runtime.Digests;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Orders to train again, in PostgreSQL; the row always changes before anything is sent. */
final class Retrains {

  private static final String SELECT =
      "SELECT decision_id, model_id, parent_run_id, parent_version, reason, statistics::text, run_id,"
          + " version, state, code, note, handoff::text, ordered_at FROM mos.retrains ";

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final Deployments deployments;
  private final OrderBounds bounds;
  private final Clock clock;

  Retrains(
      JdbcClient jdbc,
      TransactionTemplate transaction,
      Deployments deployments,
      OrderBounds bounds,
      Clock clock) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.deployments = deployments;
    this.bounds = bounds;
    this.clock = clock;
  }

  /**
   * Records a decision as an order, or as refused; a decision that is known changes nothing.
   *
   * @param version the version that the decision is about; null for whichever serves
   */
  Retrain order(
      String decisionId,
      String modelId,
      @Nullable String version,
      String reason,
      SortedMap<String, Double> statistics) {
    return Objects.requireNonNull(
        transaction.execute(
            status -> {
              lock(modelId);
              Optional<Retrain> known = find("WHERE decision_id = ?", decisionId);
              return known.isPresent()
                  ? known.get()
                  : insert(decisionId, modelId, version, reason, statistics);
            }));
  }

  private Retrain insert(
      String decisionId,
      String modelId,
      @Nullable String version,
      String reason,
      SortedMap<String, Double> statistics) {
    Deployment parent = deployments.find(modelId, Position.State.PRODUCTION).orElse(null);
    Optional<Refusal> refusal = refuse(modelId, parent, version);
    jdbc.sql(
            "INSERT INTO mos.retrains (decision_id, model_id, parent_run_id, parent_version, reason,"
                + " statistics, run_id, state, code, note, ordered_at, changed_at) VALUES (?, ?, ?,"
                + " ?, ?, ?::jsonb, ?, ?, ?, ?, ?, ?)")
        .param(decisionId)
        .param(modelId)
        .param(parent == null ? null : parent.handoff().runId())
        .param(parent == null ? null : parent.version())
        .param(reason)
        .param(json(statistics))
        .param(runId(decisionId))
        .param(refusal.isPresent() ? State.REFUSED.name() : State.ORDERED.name())
        .param(refusal.map(Refusal::code).orElse(null))
        .param(refusal.map(Refusal::reason).orElse(""))
        .param(now())
        .param(now())
        .update();
    return find("WHERE decision_id = ?", decisionId).orElseThrow();
  }

  private Optional<Refusal> refuse(
      String modelId, @Nullable Deployment parent, @Nullable String version) {
    if (parent == null) {
      return refusal("NOTHING_IN_PRODUCTION", "no version is in production");
    }
    if (version != null && !version.equals(parent.version())) {
      return refusal("VERSION_REPLACED", "version " + version + " is not in production any more");
    }
    if (find("WHERE model_id = ? AND state IN ('ORDERED', 'HANDED_OVER')", modelId).isPresent()) {
      return refusal("RETRAIN_UNDER_WAY", "a retrain of the model is under way");
    }
    if (deployments.open().stream().anyMatch(open -> open.modelId().equals(modelId))) {
      return refusal("ROLLOUT_UNDER_WAY", "a newer version is on its way into production");
    }
    List<Instant> earlier =
        list("WHERE model_id = ? AND state <> 'REFUSED'", modelId).stream()
            .map(Retrain::orderedAt)
            .toList();
    return bounds.refuse(clock.instant(), earlier);
  }

  private static Optional<Refusal> refusal(String code, String reason) {
    return Optional.of(new Refusal(code, reason));
  }

  /** The orders that wait for their rows, oldest first. */
  List<Retrain> waiting() {
    return list("WHERE state = 'ORDERED' ORDER BY ordered_at");
  }

  /** Whether the version that an order is about is in production still. */
  boolean parentServes(Retrain order) {
    return deployments
        .find(order.modelId(), Position.State.PRODUCTION)
        .filter(serving -> serving.version().equals(order.parentVersion()))
        .isPresent();
  }

  /** Every order of a model, newest first. */
  List<Retrain> of(String modelId) {
    return list("WHERE model_id = ? ORDER BY ordered_at DESC", modelId);
  }

  /** The orders whose state has not been told yet, oldest first. */
  List<Retrain> unannounced() {
    return list("WHERE NOT announced ORDER BY changed_at");
  }

  /**
   * Claims the next minor version for an order and stores its handoff, unless that was done before.
   *
   * @param handoff makes it for the version
   */
  void handOver(Retrain order, Function<String, StageHandoff> handoff) {
    transaction.executeWithoutResult(
        status -> {
          lock(order.modelId());
          String version = nextMinor(order);
          jdbc.sql(
                  "UPDATE mos.retrains SET state = 'HANDED_OVER', version = ?, handoff = ?::jsonb,"
                      + " note = '', announced = false, changed_at = ? WHERE decision_id = ? AND"
                      + " state = 'ORDERED'")
              .params(version, json(handoff.apply(version)), now(), order.decisionId())
              .update();
        });
  }

  /** Notes what an order waits for. */
  void waits(Retrain order, String note) {
    jdbc.sql("UPDATE mos.retrains SET note = ? WHERE decision_id = ? AND state = 'ORDERED'")
        .params(note, order.decisionId())
        .update();
  }

  /** Gives up an order that waited too long. */
  void expire(Retrain order, String code, String note) {
    jdbc.sql(
            "UPDATE mos.retrains SET state = 'EXPIRED', code = ?, note = ?, announced = false,"
                + " changed_at = ? WHERE decision_id = ? AND state = 'ORDERED'")
        .params(code, note, now(), order.decisionId())
        .update();
  }

  /** Records how the run of an order ended; nothing happens if it is no order's, or is known. */
  void ended(String runId, State state, @Nullable String code, String note) {
    jdbc.sql(
            "UPDATE mos.retrains SET state = ?, code = ?, note = ?, announced = ?, changed_at = ?"
                + " WHERE run_id = ? AND state = 'HANDED_OVER'")
        .param(state.name())
        .param(code)
        .param(note)
        .param(state == State.COMPLETED)
        .param(now())
        .param(runId)
        .update();
  }

  void announced(Retrain order) {
    jdbc.sql("UPDATE mos.retrains SET announced = true WHERE decision_id = ? AND state = ?")
        .params(order.decisionId(), order.state().name())
        .update();
  }

  private String nextMinor(Retrain order) {
    String parent = Objects.requireNonNull(order.parentVersion());
    String major = parent.substring(0, parent.indexOf('.'));
    int minor =
        jdbc.sql(
                "SELECT coalesce(max(CAST(split_part(version, '.', 2) AS integer)), 0) + 1 FROM"
                    + " (SELECT model_id, version FROM mos.deployments UNION ALL SELECT model_id,"
                    + " version FROM mos.retrains WHERE version IS NOT NULL) v WHERE model_id = ?"
                    + " AND split_part(version, '.', 1) = ?")
            .params(order.modelId(), major)
            .query(Integer.class)
            .single();
    return major + "." + minor + ".0";
  }

  private Optional<Retrain> find(String condition, Object... parameters) {
    return list(condition, parameters).stream().findFirst();
  }

  private List<Retrain> list(String condition, Object... parameters) {
    return jdbc.sql(SELECT + condition)
        .params(List.of(parameters))
        .query((row, n) -> retrain(row))
        .list();
  }

  private static Retrain retrain(ResultSet row) throws SQLException {
    String handoff = row.getString(12);
    TreeMap<String, Double> statistics = new TreeMap<>();
    Json.tree(row.getString(6).getBytes(StandardCharsets.UTF_8))
        .forEachEntry((name, value) -> statistics.put(name, value.asDouble()));
    return new Retrain(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        statistics,
        row.getString(7),
        row.getString(8),
        State.valueOf(row.getString(9)),
        row.getString(10),
        row.getString(11),
        handoff == null
            ? null
            : Json.read(handoff.getBytes(StandardCharsets.UTF_8), StageHandoff.class),
        row.getObject(13, OffsetDateTime.class).toInstant());
  }

  private static String runId(String decisionId) {
    byte[] decision = ("retrain/" + decisionId).getBytes(StandardCharsets.UTF_8);
    return "run-" + Digests.sha256(decision).substring(0, 16);
  }

  private void lock(String modelId) {
    jdbc.sql("SELECT pg_advisory_xact_lock(hashtext(?))")
        .param("retrain/" + modelId)
        .query()
        .listOfRows();
  }

  private OffsetDateTime now() {
    return OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  private static String json(Object value) {
    return new String(Json.write(value), StandardCharsets.UTF_8);
  }
}
