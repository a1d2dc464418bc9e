package dev.mlhandoff.ior;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of IOR, under {@code handoff.ior}.
 *
 * @param concurrency requests that are scored at the same time; 0 is twice the processors
 * @param queue requests that may wait for their turn; more are refused with 429
 * @param queueTimeout how long one may wait; then it is refused with 429
 * @param samplingRate share of the predictions that are logged, in [0, 1]
 * @param staleAfter looked-up features that were written longer ago are answered as stale
 */
@ConfigurationProperties("handoff.ior")
record IorProperties(
    @DefaultValue("0") int concurrency,
    @DefaultValue("64") int queue,
    @DefaultValue("50ms") Duration queueTimeout,
    @DefaultValue("1.0") double samplingRate,
    @DefaultValue("7d") Duration staleAfter) {

  IorProperties {
    if (concurrency < 0 || queue < 0) {
      throw new IllegalArgumentException("handoff.ior.concurrency and queue must not be negative");
    }
    if (!(samplingRate >= 0 && samplingRate <= 1)) {
      throw new IllegalArgumentException("handoff.ior.sampling-rate must be in [0, 1]");
    }
    concurrency = concurrency == 0 ? 2 * Runtime.getRuntime().availableProcessors() : concurrency;
  }
}
