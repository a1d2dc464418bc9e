package dev.mlhandoff.mos;

import dev.mlhandoff.mos.Retrain.State;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes orders to train again; those that are refused are logged and counted as well. */
final class RetrainOrders {

  private static final Logger log = LoggerFactory.getLogger(RetrainOrders.class);

  private final Retrains retrains;
  private final MeterRegistry registry;

  RetrainOrders(Retrains retrains, MeterRegistry registry) {
    this.retrains = retrains;
    this.registry = registry;
  }

  /**
   * Orders a retrain; the same decision is ordered once.
   *
   * @param version what the decision is about; null for whichever version serves
   */
  Retrain order(
      String decisionId,
      String modelId,
      @Nullable String version,
      String reason,
      SortedMap<String, Double> statistics) {
    Retrain order = retrains.order(decisionId, modelId, version, reason, statistics);
    boolean refused = order.state() == State.REFUSED;
    if (refused) {
      log.warn("no retrain of {}: {} ({})", modelId, order.note(), order.code());
    }
    registry
        .counter("handoff.retrain.orders", "result", refused ? "refused" : "followed")
        .increment();
    return order;
  }
}
