package dev.mlhandoff.runtime;

import dev.mlhandoff.messages.RequestSource;
import org.jspecify.annotations.Nullable;

/**
 * A record that has been read: what is to be done, and for which run.
 *
 * @param part names one of several pieces of a stage's work, each done and proven by itself; empty
 *     if the stage is one piece. It stands in artifact keys.
 * @param source the record itself
 * @param correlationId the requester's own id, if the input names one
 */
public record Work<I>(
    String runId,
    int attempt,
    String part,
    RequestSource source,
    @Nullable String correlationId,
    I input) {

  public Work(
      String runId, int attempt, RequestSource source, @Nullable String correlationId, I input) {
    this(runId, attempt, "", source, correlationId, input);
  }
}
