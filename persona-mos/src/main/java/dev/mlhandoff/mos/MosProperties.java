package dev.mlhandoff.mos;

import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of MOS.
 *
 * @param inferenceUrl where requests are answered
 * @param stepSamples answers of the candidate that a step on public traffic needs
 * @param replayRequests how many rows a step replays where it lacks public traffic
 */
@ConfigurationProperties("handoff.mos")
record MosProperties(
    URI inferenceUrl,
    @DefaultValue("200") int stepSamples,
    @DefaultValue("200") int replayRequests) {

  MosProperties {
    if (stepSamples < 1 || replayRequests < 1) {
      throw new IllegalArgumentException(
          "handoff.mos.step-samples and replay-requests must be at least 1");
    }
  }
}
