package dev.mlhandoff.mos;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.mos.AbTest.State;
import dev.mlhandoff.mos.experiment.AbTestPlan;
import dev.mlhandoff.mos.experiment.AbTestResult;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A/B tests in PostgreSQL; at most one of a model is running. */
final class AbTestRows {

  private static final String COLUMNS =
      "SELECT test_id, model_id, plan::text, state, started_at, ends_at, ended_at, result::text FROM"
          + " mos.ab_tests ";

  private final JdbcClient jdbc;

  AbTestRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  void insert(AbTest test) {
    jdbc.sql(
            "INSERT INTO mos.ab_tests (test_id, model_id, plan, state, started_at, ends_at) VALUES"
                + " (?, ?, ?::jsonb, ?, ?, ?)")
        .params(
            test.testId(),
            test.modelId(),
            json(test.plan()),
            test.state().name(),
            utc(test.startedAt()),
            utc(test.endsAt()))
        .update();
  }

  /**
   * Ends a test.
   *
   * @return whether it was still running
   */
  boolean end(String testId, State state, Instant at, @Nullable AbTestResult result) {
    return jdbc.sql(
                "UPDATE mos.ab_tests SET state = ?, ended_at = ?, result = ?::jsonb, announced ="
                    + " false WHERE test_id = ? AND state = 'RUNNING'")
            .param(state.name())
            .param(utc(at))
            .param(result == null ? null : json(result))
            .param(testId)
            .update()
        == 1;
  }

  Optional<AbTest> running(String modelId) {
    return jdbc.sql(COLUMNS + "WHERE model_id = ? AND state = 'RUNNING'")
        .param(modelId)
        .query((row, n) -> test(row))
        .optional();
  }

  List<AbTest> running() {
    return jdbc.sql(COLUMNS + "WHERE state = 'RUNNING' ORDER BY started_at")
        .query((row, n) -> test(row))
        .list();
  }

  /** Every test of a model, newest first. */
  List<AbTest> of(String modelId) {
    return jdbc.sql(COLUMNS + "WHERE model_id = ? ORDER BY started_at DESC")
        .param(modelId)
        .query((row, n) -> test(row))
        .list();
  }

  List<AbTest> unannounced() {
    return jdbc.sql(COLUMNS + "WHERE NOT announced ORDER BY started_at")
        .query((row, n) -> test(row))
        .list();
  }

  /** Unless it has changed again since it was read. */
  void announced(AbTest test) {
    jdbc.sql("UPDATE mos.ab_tests SET announced = true WHERE test_id = ? AND state = ?")
        .params(test.testId(), test.state().name())
        .update();
  }

  private static AbTest test(ResultSet row) throws SQLException {
    String result = row.getString(8);
    OffsetDateTime ended = row.getObject(7, OffsetDateTime.class);
    return new AbTest(
        row.getString(1),
        row.getString(2),
        Json.read(bytes(row.getString(3)), AbTestPlan.class),
        State.valueOf(row.getString(4)),
        row.getObject(5, OffsetDateTime.class).toInstant(),
        row.getObject(6, OffsetDateTime.class).toInstant(),
        ended == null ? null : ended.toInstant(),
        result == null ? null : Json.read(bytes(result), AbTestResult.class));
  }

  private static OffsetDateTime utc(Instant instant) {
    return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
  }

  private static String json(Object value) {
    return new String(Json.write(value), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
