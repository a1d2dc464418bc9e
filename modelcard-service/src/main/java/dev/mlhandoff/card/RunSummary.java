package dev.mlhandoff.card;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line about a run, as {@code /runs} lists it.
 *
 * @param stage the newest stage that began; null before the first
 * @param attempt the attempt of that stage, 0 before the first
 * @param elapsedMs from acceptance to the outcome; null while it runs
 * @param code why it was rejected
 * @param cardKey {@code modelId/version} of its card
 * @param answeredBy the run that does the work, if this one repeats a request
 */
record RunSummary(
    String runId,
    Status status,
    @Nullable String name,
    @Nullable String modelId,
    @Nullable String version,
    @Nullable String stage,
    int attempt,
    Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable Long elapsedMs,
    @Nullable String code,
    @Nullable String cardKey,
    @Nullable String answeredBy) {

  /** Where a run stands. */
  enum Status {
    RUNNING,
    /** Waits for a human at a gate. */
    PARKED,
    COMPLETED,
    REJECTED
  }
}
