package dev.mlhandoff.ior;

import dev.mlhandoff.ior.serving.DeviationPolicy;
import dev.mlhandoff.ior.serving.DeviationPolicy.Action;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of IOR, under {@code handoff.ior}.
 *
 * @param concurrency requests that are scored at the same time; 0 is twice the processors
 * @param queue requests that may wait for their turn; more are refused with 429
 * @param queueTimeout how long one may wait; then it is refused with 429
 * @param maxRequestSize largest body of a request, at least 1 byte; larger ones get 413
 * @param samplingRate share of the predictions that are logged, in [0, 1]
 * @param logBuffer predictions that may wait to be logged, at least 1; more are dropped and alarmed
 * @param staleAfter looked-up features that were written longer ago are answered as stale
 * @param batchPartRows rows of a batch that are written, and after a crash scored again, together
 */
@ConfigurationProperties("handoff.ior")
record IorProperties(
    @DefaultValue("0") int concurrency,
    @DefaultValue("64") int queue,
    @DefaultValue("50ms") Duration queueTimeout,
    @DefaultValue("1MB") DataSize maxRequestSize,
    @DefaultValue("1.0") double samplingRate,
    @DefaultValue("10000") int logBuffer,
    @DefaultValue("7d") Duration staleAfter,
    @DefaultValue("10000") int batchPartRows,
    @DefaultValue Validation validation) {

  IorProperties {
    if (concurrency < 0 || queue < 0) {
      throw new IllegalArgumentException("handoff.ior.concurrency and queue must not be negative");
    }
    if (!(samplingRate >= 0 && samplingRate <= 1)) {
      throw new IllegalArgumentException("handoff.ior.sampling-rate must be in [0, 1]");
    }
    if (maxRequestSize.toBytes() < 1 || maxRequestSize.toBytes() >= Integer.MAX_VALUE) {
      throw new IllegalArgumentException("handoff.ior.max-request-size must be 1 byte to 2 GB");
    }
    if (logBuffer < 1) {
      throw new IllegalArgumentException("handoff.ior.log-buffer must be at least 1");
    }
    if (batchPartRows < 1) {
      throw new IllegalArgumentException("handoff.ior.batch-part-rows must be at least 1");
    }
    concurrency = concurrency == 0 ? 2 * Runtime.getRuntime().availableProcessors() : concurrency;
  }

  /** What happens to values that training never saw: {@code accept} with a warning, or refuse. */
  record Validation(
      @DefaultValue("accept") Action unknownCategory,
      @DefaultValue("accept") Action outOfRange,
      @DefaultValue("accept") Action missing) {

    DeviationPolicy policy() {
      return new DeviationPolicy(unknownCategory, outOfRange, missing);
    }
  }
}
