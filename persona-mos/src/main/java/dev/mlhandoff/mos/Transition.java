package dev.mlhandoff.mos;

import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.mos.rollout.Position.State;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of the audit trail: one deployment went from one position to another.
 *
 * @param from label of the position it left
 * @param to label of the position it came to
 * @param revision of the model's route that came with it
 * @param code rejection code of the run that it ended, if it is not the usual one
 * @param stoppedAfterMs how long a version that was rolled back went on answering, once known
 */
record Transition(
    long id,
    StageHandoff handoff,
    Instant stagedAt,
    String from,
    String to,
    long revision,
    String reason,
    @Nullable String code,
    Instant at,
    @Nullable Long stoppedAfterMs) {

  State leftState() {
    return State.of(from);
  }

  State newState() {
    return State.of(to);
  }
}
