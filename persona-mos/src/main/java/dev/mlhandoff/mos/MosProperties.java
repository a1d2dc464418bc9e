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
 */
@ConfigurationProperties("handoff.mos")
record MosProperties(
    URI inferenceUrl,
    @DefaultValue("200") int stepSamples,
    @DefaultValue("200") int replayRequests,
    @DefaultValue("30s") Duration stepTimeout,
    @DefaultValue("replay") Starvation starvation) {

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
    if (stepTimeout.isNegative()) {
      throw new IllegalArgumentException("handoff.mos.step-timeout must not be negative");
    }
  }
}
