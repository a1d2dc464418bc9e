package dev.mlhandoff.mos;

import dev.mlhandoff.messages.BatchOrder;
import dev.mlhandoff.messages.RouteTable.Role;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.mos.rollout.Position.State;
import dev.mlhandoff.runtime.MessagePublisher;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * Orders that the current entities are scored by the version in production. An order names version
 * and day, and whoever follows it does each once, so it may be given again.
 */
final class BatchOrders {

  private static final String SCHEDULE = "schedule";

  private final Deployments deployments;
  private final MessagePublisher publisher;
  private final Clock clock;

  BatchOrders(Deployments deployments, MessagePublisher publisher, Clock clock) {
    this.deployments = deployments;
    this.publisher = publisher;
    this.clock = clock;
  }

  /** For every model that has a version in production. */
  void orderAll() {
    deployments.in(State.PRODUCTION).forEach(serving -> order(serving.modelId(), SCHEDULE));
  }

  /**
   * Today's batch of a model; empty if no version is in production.
   *
   * @param by who wants it
   * @throws dev.mlhandoff.runtime.TransientException if the broker does not take the order
   */
  Optional<BatchOrder> order(String modelId, String by) {
    Instant now = clock.instant();
    Optional<BatchOrder> order =
        deployments.route(modelId).stream()
            .flatMap(table -> table.routes().stream())
            .filter(route -> route.role() == Role.PRODUCTION)
            .findFirst()
            .map(
                route ->
                    new BatchOrder(
                        modelId,
                        route.version(),
                        route.runId(),
                        LocalDate.ofInstant(now, ZoneOffset.UTC),
                        route.bundle(),
                        route.featureDigest(),
                        by,
                        now));
    order.ifPresent(given -> publisher.sendNow(Topics.BATCH_ORDERS, modelId, given));
    return order;
  }
}
