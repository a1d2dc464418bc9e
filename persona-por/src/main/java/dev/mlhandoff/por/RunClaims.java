package dev.mlhandoff.por;

import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which run owns which version of a model, and which holds which correlation id. */
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

  /** The run that holds a correlation id, and the digest of its request. */
  record Holder(String runId, String requestDigest) {}

  /** Remembers that this run was taken; may be called again. */
  void register(String runId, String modelId) {
    jdbc.sql(
            "INSERT INTO por.claims (run_id, model_id, claimed_at) VALUES (?, ?, ?)"
                + " ON CONFLICT (run_id) DO NOTHING")
        .params(runId, modelId, now())
        .update();
  }

  /**
   * Claims a correlation id for a run, unless another has claimed it within the last 24 hours; of
   * many at once one gets it. May be called again.
   *
   * @return who holds it now: this run, or the one that it repeats
   */
  Holder correlate(String correlationId, String runId, String digest) {
    OffsetDateTime now = now();
    // The conflict waits for a claim that is yet to commit, so that what is read next is final.
    jdbc.sql(
            "INSERT INTO por.correlations AS held (correlation_id, run_id, request_digest,"
                + " claimed_at) VALUES (?, ?, ?, ?) ON CONFLICT (correlation_id) DO UPDATE SET"
                + " run_id = excluded.run_id, request_digest = excluded.request_digest,"
                + " claimed_at = excluded.claimed_at WHERE held.claimed_at <= ?")
        .params(correlationId, runId, digest, now, now.minus(REPETITION_WINDOW))
        .update();
    return jdbc.sql("SELECT run_id, request_digest FROM por.correlations WHERE correlation_id = ?")
        .param(correlationId)
        .query((row, n) -> new Holder(row.getString(1), row.getString(2)))
        .single();
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

  private OffsetDateTime now() {
    return OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
  }
}
