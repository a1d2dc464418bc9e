package dev.mlhandoff.mos;

import dev.mlhandoff.messages.StageHandoff;
import java.time.Instant;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * An order to train a model again.
 *
 * @param decisionId of what was decided; the same decision is ordered once
 * @param parentVersion the version in production when it was ordered; null if there was none
 * @param runId derived from the decision
 * @param version claimed once the rows suffice
 * @param code why it was refused, or the code that its run was rejected with
 * @param note what it waits for, or the reason behind the code
 * @param handoff what ESC gets, once it is made
 */
record Retrain(
    String decisionId,
    String modelId,
    @Nullable String parentRunId,
    @Nullable String parentVersion,
    String reason,
    SortedMap<String, Double> statistics,
    String runId,
    @Nullable String version,
    State state,
    @Nullable String code,
    String note,
    @Nullable StageHandoff handoff,
    Instant orderedAt) {

  /** How far an order is. */
  enum State {
    /** Waits for enough labelled predictions. */
    ORDERED,
    /** Not followed, with a code. */
    REFUSED,
    /** Gave up waiting. */
    EXPIRED,
    /** Its run is under way. */
    HANDED_OVER,
    /** Its run ended in production. */
    COMPLETED,
    /** Its run was rejected; the version before goes on serving. */
    REJECTED
  }
}
