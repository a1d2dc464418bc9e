package dev.mlhandoff.mos;

import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.mos.rollout.Position;
import java.time.Instant;

/**
 * A row of the deployments table.
 *
 * @param announced whether the route and the events of its position have been sent
 */
record Deployment(
    StageHandoff handoff, Position position, String reason, boolean announced, Instant stagedAt) {}
