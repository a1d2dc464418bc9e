package dev.mlhandoff.tracking;

import java.time.Instant;
import java.util.Map;

/**
 * What a replay must know of an attempt beyond its journal: everything that differs between two
 * equal attempts.
 *
 * @param runId the run; together with the journal's attempt it names the attempt for good
 * @param startedAt when the work began
 * @param finishedAt when the work ended; every metric carries this time, so that a repetition is
 *     recognised
 * @param trainingSeconds how long the trials trained, by trial; may name none
 */
public record TrackedAttempt(
    String runId, Instant startedAt, Instant finishedAt, Map<String, Double> trainingSeconds) {}
