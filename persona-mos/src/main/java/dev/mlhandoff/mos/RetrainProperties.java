package dev.mlhandoff.mos;

import dev.mlhandoff.mos.retrain.FeedbackPolicy;
import dev.mlhandoff.mos.retrain.OrderBounds;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of retraining.
 *
 * @param coolDown from one order of a model to the next
 * @param perWeek orders of a model within seven days
 * @param interval how often an order looks whether the outcomes suffice
 * @param patience how long it does
 * @param rows at most so many labelled predictions, the newest
 * @param holdoutShare share of their entities, those predicted last, that is held out
 * @param largestHoldout at most so many
 * @param minimumHoldout at least so many
 * @param minimumRarerClass hold-out rows that each outcome needs
 */
@ConfigurationProperties("handoff.mos.retrain")
record RetrainProperties(
    @DefaultValue("24h") Duration coolDown,
    @DefaultValue("3") int perWeek,
    @DefaultValue("15s") Duration interval,
    @DefaultValue("7d") Duration patience,
    @DefaultValue("50000") int rows,
    @DefaultValue("0.4") double holdoutShare,
    @DefaultValue("2000") int largestHoldout,
    @DefaultValue("500") int minimumHoldout,
    @DefaultValue("50") int minimumRarerClass) {

  RetrainProperties {
    if (rows < 1 || interval.isNegative() || interval.isZero() || patience.isNegative()) {
      throw new IllegalArgumentException(
          "handoff.mos.retrain needs at least one row, a positive interval and no negative patience");
    }
  }

  OrderBounds bounds() {
    return new OrderBounds(coolDown, perWeek);
  }

  FeedbackPolicy feedback() {
    return new FeedbackPolicy(holdoutShare, largestHoldout, minimumHoldout, minimumRarerClass);
  }
}
