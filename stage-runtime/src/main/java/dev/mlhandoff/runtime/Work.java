package dev.mlhandoff.runtime;

import dev.mlhandoff.messages.RequestSource;
import org.jspecify.annotations.Nullable;

/**
 * A record that has been read: what is to be done, and for which run.
 *
 * @param source the record itself
 * @param correlationId the requester's own id, if the input names one
 */
public record Work<I>(
    String runId, int attempt, RequestSource source, @Nullable String correlationId, I input) {}
