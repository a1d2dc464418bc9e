package dev.mlhandoff.esc;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of ESC, under {@code handoff.esc}.
 *
 * @param threads models trained at the same time
 */
@ConfigurationProperties("handoff.esc")
public record EscProperties(
    @DefaultValue("2") int threads, @DefaultValue("25m") Duration deadline) {}
