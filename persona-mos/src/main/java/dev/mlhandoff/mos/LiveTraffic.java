package dev.mlhandoff.mos;

import dev.mlhandoff.mos.rollout.Arm;
import dev.mlhandoff.mos.rollout.ArmRecorder;
import dev.mlhandoff.mos.rollout.Evidence;
import dev.mlhandoff.mos.rollout.Position.State;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the prediction log says of a rollout: public requests only, never replayed ones. */
final class LiveTraffic {

  /** Judges that still wait after so many answers do not need all of the next million. */
  private static final int MOST = 50_000;

  // Only a copy in the shadow is looked up again: this runs several times a second in a rollout.
  private static final String ANSWERS =
      "SELECT coalesce(p.entity_key_hash, md5(p.features::text)), p.latency_ms, p.probability,"
          + " coalesce(p.outcome, CASE WHEN p.arm = 'shadow' THEN (SELECT asked.outcome FROM"
          + " mos.predictions asked WHERE asked.prediction_id = regexp_replace(p.prediction_id,"
          + " '-shadow$', '')) END) FROM mos.predictions p WHERE p.model_id = ? AND p.version = ?"
          + " AND p.arm = ? AND NOT p.replay AND p.predicted_at >= ? AND p.failed_version IS NULL"
          + " AND p.latency_ms IS NOT NULL ORDER BY p.arrived LIMIT "
          + MOST;

  private final JdbcClient jdbc;

  LiveTraffic(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Both versions since the candidate came to its position; empty arms if nobody asked. */
  Evidence evidence(Deployment candidate, String incumbent) {
    Instant from = candidate.changedAt();
    String arm = candidate.position().state() == State.SHADOW ? "shadow" : "canary";
    ArmRecorder tried = answers(candidate.modelId(), candidate.version(), arm, from);
    int failures = failures(candidate, arm, from);
    for (int i = 0; i < failures; i++) {
      tried.failed();
    }
    Arm serving = answers(candidate.modelId(), incumbent, "production", from).arm();
    return new Evidence(tried.arm(), serving, false);
  }

  /** Whether anybody asked the model since then. */
  boolean hasRequests(String modelId, Instant since) {
    return jdbc.sql(
            "SELECT EXISTS (SELECT FROM mos.predictions WHERE model_id = ? AND NOT replay AND arm"
                + " <> 'shadow' AND predicted_at >= ?)")
        .params(modelId, utc(since))
        .query(Boolean.class)
        .single();
  }

  /** When a version last answered the public after then; empty if it did not. */
  Optional<Instant> lastAnswer(String modelId, String version, Instant after) {
    return jdbc.sql(
            "SELECT max(predicted_at) FROM mos.predictions WHERE model_id = ? AND version = ? AND"
                + " arm IN ('canary', 'production', 'challenger') AND NOT replay AND predicted_at"
                + " > ?")
        .params(modelId, version, utc(after))
        .query((row, n) -> Optional.ofNullable(row.getObject(1, OffsetDateTime.class)))
        .single()
        .map(OffsetDateTime::toInstant);
  }

  /** A copy in the shadow has the outcome of the request that it is a copy of. */
  private ArmRecorder answers(String modelId, String version, String arm, Instant from) {
    ArmRecorder recorder = new ArmRecorder();
    RowCallbackHandler take =
        row -> {
          boolean outcome = row.getBoolean(4);
          int known = row.wasNull() ? Arm.UNKNOWN : outcome ? 1 : 0;
          recorder.answered(row.getString(1), row.getDouble(2), row.getDouble(3), known);
        };
    jdbc.sql(ANSWERS).params(modelId, version, arm, utc(from)).query(take);
    return recorder;
  }

  /** In the canary another version answered in its place. */
  private int failures(Deployment candidate, String arm, Instant from) {
    return jdbc.sql(
            "SELECT count(*) FROM mos.predictions WHERE model_id = ? AND failed_version = ? AND"
                + " (arm = 'shadow') = ? AND NOT replay AND predicted_at >= ?")
        .params(candidate.modelId(), candidate.version(), arm.equals("shadow"), utc(from))
        .query(Integer.class)
        .single();
  }

  private static OffsetDateTime utc(Instant instant) {
    return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
  }
}
