package dev.mlhandoff.mos;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the monitoring.
 *
 * @param retention how long predictions and their outcomes are kept
 */
@ConfigurationProperties("handoff.mos.monitoring")
record MonitoringProperties(@DefaultValue("30d") Duration retention) {

  MonitoringProperties {
    if (retention.isNegative() || retention.isZero()) {
      throw new IllegalArgumentException("handoff.mos.monitoring.retention must be positive");
    }
  }
}
