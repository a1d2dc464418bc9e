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

  /** The first run with this correlation id within 24 hours, other than this one. */
  Optional<Earlier> earlier(String correlationId, String runId) {
    OffsetDateTime since =
        OffsetDateTime.ofInstant(clock.instant().minus(REPETITION_WINDOW), ZoneOffset.UTC);
    return jdbc.sql(
            "SELECT run_id, request_digest FROM por.claims WHERE correlation_id = ? AND run_id <> ?"
                + " AND claimed_at > ? ORDER BY claimed_at LIMIT 1")
        .params(correlationId, runId, since)
        .query((row, n) -> new Earlier(row.getString(1), row.getString(2)))
        .optional();
  }

  /** The version of this run: what it claimed before, or the next major version. */
  String claim(String runId, String modelId, @Nullable String correlationId, String digest) {
    for (int i = 0; i < MAX_CONTENTION; i++) {
      Optional<Integer> claimed =
          jdbc.sql("SELECT major FROM por.claims WHERE run_id = ?")
              .param(runId)
              .query(Integer.class)
              .optional();
      if (claimed.isPresent()) {
        return claimed.get() + ".0.0";
      }
      try {
        jdbc.sql(
                "INSERT INTO por.claims (run_id, model_id, major, correlation_id, request_digest,"
                    + " claimed_at) SELECT ?, ?, coalesce(max(major), 0) + 1, ?, ?, ? FROM"
                    + " por.claims WHERE model_id = ?")
            .param(runId)
            .param(modelId)
            .param(correlationId)
            .param(digest)
            .param(OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
            .param(modelId)
            .update();
      } catch (DuplicateKeyException e) {
        log.debug("another run took the version of {} first; taking the one after it", modelId, e);
      }
    }
    throw new IllegalStateException("no version could be claimed for " + modelId);
  }
}
