package dev.mlhandoff.mos;

import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.mos.rollout.Position;
import java.time.Instant;

/**
 * A row of the deployments table.
 *
 * @param stagedAt when its rollout began
 * @param changedAt when it came to its position
 */
record Deployment(StageHandoff handoff, Position position, Instant stagedAt, Instant changedAt) {

  String modelId() {
    return handoff.modelId();
  }

  String version() {
    return handoff.version();
  }

  /** Its position, for people. */
  String label() {
    return position.label(handoff.request().rollout().steps());
  }
}
