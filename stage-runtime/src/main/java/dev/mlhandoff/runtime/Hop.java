package dev.mlhandoff.runtime;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a stage made of one record.
 *
 * @param readyAt when what is now in the transaction was ready to be sent
 * @param queueMs from the record's timestamp to its delivery
 * @param workMs time of the work; 0 if there was none
 * @param resumed the work was done at an earlier delivery
 * @param refusal code of the rejection or the failed answer; null if the work was done
 */
record Hop(
    Work<?> work,
    Instant takenAt,
    Instant readyAt,
    long queueMs,
    long workMs,
    boolean resumed,
    @Nullable String refusal) {}
