package dev.mlhandoff.mos;

import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of MOS.
 *
 * @param inferenceUrl where requests are answered
 * @param stepSamples answers of the candidate that a step on public traffic needs
 * @param replayRequests how many rows a step replays where it lacks public traffic
 * @param stepTimeout how long a step may lack public traffic, or the model any
 * @param starvation what follows then
 * @param routeSettling how long replicas and the prediction log may lag behind a route
 * @param batchCron when the current entities of every model are scored, in UTC, from the second on;
 *     {@code -} for never
 */
@ConfigurationProperties("handoff.mos")
record MosProperties(
    URI inferenceUrl,
    @DefaultValue("200") int stepSamples,
    @DefaultValue("200") int replayRequests,
    @DefaultValue("30s") Duration stepTimeout,
    @DefaultValue("replay") Starvation starvation,
    @DefaultValue("5s") Duration routeSettling,
    @DefaultValue("0 0 3 * * *") String batchCron) {

  /** What becomes of a step that nobody asks often enough. */
  enum Starvation {
    /** It is judged on replayed requests. */
    REPLAY,
    /** The version is taken out of the rollout. */
    END
  }

  MosProperties {
    if (stepSamples < 1 || replayRequests < 1) {
      throw new IllegalArgumentException(
          "handoff.mos.step-samples and replay-requests must be at least 1");
    }
    if (stepTimeout.isNegative() || routeSettling.isNegative()) {
      throw new IllegalArgumentException(
          "handoff.mos.step-timeout and route-settling must not be negative");
    }
  }
}
