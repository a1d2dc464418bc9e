package dev.mlhandoff.por;

import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which run owns which version of a model, and which correlation ids were seen. */
final class RunClaims {

  private static final Logger log = LoggerFactory.getLogger(RunClaims.class);
  private static final Duration REPETITION_WINDOW = Duration.ofHours(24);
  private static final int MAX_CONTENTION = 50;

  private final JdbcClient jdbc;
  private final Clock clock;

  RunClaims(JdbcClient jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /** An earlier run with the same correlation id. */
  record Earlier(String runId, String requestDigest) {}

  /** Remembers that this run was taken; may be called again. */
  void register(String runId, String modelId, @Nullable String correlationId, String digest) {
    jdbc.sql(
            "INSERT INTO por.claims (run_id, model_id, correlation_id, request_digest, claimed_at)"
                + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (run_id) DO NOTHING")
        .param(runId)
        .param(modelId)
        .param(correlationId)
        .param(digest)
        .param(OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
        .update();
  }

  /** The first run with this correlation id, taken within 24 hours before this registered one. */
  Optional<Earlier> earlier(String correlationId, String runId) {
    OffsetDateTime since =
        OffsetDateTime.ofInstant(clock.instant().minus(REPETITION_WINDOW), ZoneOffset.UTC);
    return jdbc.sql(
            "SELECT e.run_id, e.request_digest FROM por.claims e JOIN por.claims own ON own.run_id"
                + " = ? WHERE e.correlation_id = ? AND e.claimed_at > ? AND (e.claimed_at, e.run_id)"
                + " < (own.claimed_at, own.run_id) ORDER BY e.claimed_at, e.run_id LIMIT 1")
        .params(runId, correlationId, since)
        .query((row, n) -> new Earlier(row.getString(1), row.getString(2)))
        .optional();
  }

  /** The version of this registered run: what it claimed before, or the next major version. */
  String claim(String runId, String modelId) {
    for (int i = 0; i < MAX_CONTENTION; i++) {
      Optional<Integer> claimed =
          jdbc.sql("SELECT major FROM por.claims WHERE run_id = ? AND major IS NOT NULL")
              .param(runId)
              .query(Integer.class)
              .optional();
      if (claimed.isPresent()) {
        return claimed.get() + ".0.0";
      }
      try {
        jdbc.sql(
                "UPDATE por.claims SET major = (SELECT coalesce(max(major), 0) + 1 FROM por.claims"
                    + " WHERE model_id = ?) WHERE run_id = ? AND major IS NULL")
            .params(modelId, runId)
            .update();
      } catch (DuplicateKeyException e) {
        log.debug("another run took the version of {} first; taking the one after it", modelId, e);
      }
    }
    throw new IllegalStateException("no version could be claimed for " + modelId);
  }
}
