package dev.mlhandoff.gate;

import dev.mlhandoff.messages.Approval;
import dev.mlhandoff.messages.Approval.Decision;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.StageHandoff;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Runs that wait, or waited, for a human; one row each, decided on at most once. */
final class ParkedRuns {

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final Clock clock;

  ParkedRuns(JdbcClient jdbc, TransactionTemplate transaction, Clock clock) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.clock = clock;
  }

  /** What is known of a parked run. */
  record Parked(StageHandoff handoff, GovernanceOutput output) {}

  /** What became of a decision. */
  sealed interface Answer {
    /** It counts; told again if the same record comes again. */
    record Decided(Parked run) implements Answer {}

    /** It changed nothing. */
    record Refused(String code, String message) implements Answer {}
  }

  private record Row(
      Parked run, Instant expiresAt, @Nullable Approval decision, @Nullable String decidedBy) {}

  /**
   * Parks a run; nothing happens if it is parked already.
   *
   * @return until when it waits, by the first time it was parked
   */
  Instant park(StageHandoff handoff, GovernanceOutput output, Duration decideWithin) {
    Instant now = clock.instant();
    jdbc.sql(
            "INSERT INTO gate.parked_runs (run_id, handoff, output, parked_at, expires_at) VALUES"
                + " (?, ?::jsonb, ?::jsonb, ?, ?) ON CONFLICT DO NOTHING")
        .params(handoff.runId(), json(handoff), json(output), utc(now), utc(now.plus(decideWithin)))
        .update();
    return jdbc.sql("SELECT expires_at FROM gate.parked_runs WHERE run_id = ?")
        .param(handoff.runId())
        .query(OffsetDateTime.class)
        .single()
        .toInstant();
  }

  /**
   * Applies a decision, unless another one was first.
   *
   * @param position the record it came in; the same record gets the same answer again
   */
  Answer decide(Approval approval, String position) {
    Answer answer = transaction.execute(status -> decideLocked(approval, position));
    if (answer == null) {
      throw new IllegalStateException("the transaction gave no answer");
    }
    return answer;
  }

  private Answer decideLocked(Approval approval, String position) {
    Optional<Row> found =
        jdbc.sql(
                "SELECT handoff::text, output::text, expires_at, decision::text, decided_by FROM"
                    + " gate.parked_runs WHERE run_id = ? FOR UPDATE")
            .param(approval.runId())
            .query((row, n) -> row(row))
            .optional();
    if (found.isEmpty()) {
      return new Answer.Refused("NOT_PARKED", "the run does not wait for a decision");
    }
    Row row = found.get();
    if (position.equals(row.decidedBy())) {
      return new Answer.Decided(row.run());
    }
    Approval earlier = row.decision();
    if (earlier != null) {
      return new Answer.Refused(
          "ALREADY_DECIDED",
          "%s decided before: %s"
              .formatted(earlier.who(), earlier.decision().name().toLowerCase(Locale.ROOT)));
    }
    if (approval.decision() == Decision.EXPIRE && clock.instant().isBefore(row.expiresAt())) {
      return new Answer.Refused("INVALID_APPROVAL", "the run waits until " + row.expiresAt());
    }
    if (approval.decision() == Decision.APPROVE && row.run().output().needs() == Decision.WAIVE) {
      return new Answer.Refused(
          "WAIVER_NEEDED", "an approval does not lift a hard stop; a waiver does");
    }
    jdbc.sql(
            "UPDATE gate.parked_runs SET decision = ?::jsonb, decided_by = ?, decided_at = ? WHERE"
                + " run_id = ?")
        .params(json(approval), position, utc(clock.instant()), approval.runId())
        .update();
    return new Answer.Decided(row.run());
  }

  /** Takes the undecided runs whose time is over and were not announced within an interval. */
  List<String> expired(Duration repeatAfter) {
    Instant now = clock.instant();
    return jdbc.sql(
            "UPDATE gate.parked_runs SET expiry_sent_at = ? WHERE decision IS NULL AND expires_at <="
                + " ? AND (expiry_sent_at IS NULL OR expiry_sent_at <= ?) RETURNING run_id")
        .params(utc(now), utc(now), utc(now.minus(repeatAfter)))
        .query(String.class)
        .list();
  }

  private static Row row(ResultSet row) throws SQLException {
    @Nullable String decision = row.getString(4);
    Instant expiresAt = row.getObject(3, OffsetDateTime.class).toInstant();
    return new Row(
        new Parked(
            Json.read(bytes(row.getString(1)), StageHandoff.class),
            Json.read(bytes(row.getString(2)), GovernanceOutput.class)),
        expiresAt,
        decision == null ? null : Json.read(bytes(decision), Approval.class),
        row.getString(5));
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
