package dev.mlhandoff.runtime;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the shell, under {@code handoff}.
 *
 * @param workDirectory where stages put their temporary files
 * @param cancellationGrace how long cancelled work may take to end, at most 30 seconds; then the
 *     service goes on without it and counts as broken
 * @param backlogInterval how often what waits is measured, at least a second
 */
@ConfigurationProperties("handoff")
public record StageRuntimeProperties(
    Artifacts artifacts,
    @Nullable Path workDirectory,
    @DefaultValue Retry retry,
    @DefaultValue Tracing tracing,
    @DefaultValue("10s") Duration cancellationGrace,
    @DefaultValue("15s") Duration backlogInterval) {

  private static final Duration LONGEST_GRACE = Duration.ofSeconds(30);
  private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);

  public StageRuntimeProperties {
    if (cancellationGrace.isNegative() || cancellationGrace.compareTo(LONGEST_GRACE) > 0) {
      throw new IllegalArgumentException("handoff.cancellation-grace must be 0 to 30 seconds");
    }
    if (backlogInterval.toMillis() < SHORTEST_INTERVAL.toMillis()) {
      throw new IllegalArgumentException("handoff.backlog-interval must be at least 1 second");
    }
  }

  /**
   * The artifact store.
   *
   * @param uri {@code s3://bucket} or {@code file:///folder}
   * @param endpoint of an S3 server other than Amazon's
   */
  public record Artifacts(
      URI uri,
      @Nullable URI endpoint,
      @DefaultValue("us-east-1") String region,
      @Nullable String accessKey,
      @Nullable String secretKey) {}

  /**
   * Where spans are sent.
   *
   * @param endpoint takes OTLP over HTTP, such as {@code http://localhost:4318/v1/traces}; without
   *     one there are no spans
   */
  public record Tracing(@Nullable URI endpoint) {}

  /** How transient failures are retried: exponential back-off, at least three times. */
  public record Retry(
      @DefaultValue("3") int retries,
      @DefaultValue("500ms") Duration initialInterval,
      @DefaultValue("10s") Duration maxInterval) {

    public Retry {
      if (retries < 3) {
        throw new IllegalArgumentException("handoff.retry.retries must be at least 3");
      }
    }
  }
}
