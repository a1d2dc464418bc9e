package dev.mlhandoff.esc;

import dev.mlhandoff.messages.Topics;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of ESC, under {@code handoff.esc}.
 *
 * @param threads trials trained at the same time; 0 is one a core
 * @param deadline for planning an attempt, and for concluding it
 * @param trialDeadline for one trial
 */
@ConfigurationProperties("handoff.esc")
public record EscProperties(
    @DefaultValue("0") int threads,
    @DefaultValue("25m") Duration deadline,
    @DefaultValue("10m") Duration trialDeadline) {

  public EscProperties {
    if (threads <= 0) {
      threads = Math.min(Topics.PARTITIONS, Runtime.getRuntime().availableProcessors());
    }
  }
}
