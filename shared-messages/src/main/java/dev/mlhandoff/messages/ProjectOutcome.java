package dev.mlhandoff.messages;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a request ended: exactly one for each request, keyed by the run's id.
 *
 * @param runId the run of this request
 * @param answeredBy the run that did the work; another one only for a repeated request
 * @param card reference of the card's evidence, if the run completed
 * @param cardKey {@code modelId/version}, the key of the card on {@code model.cards.v1}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProjectOutcome(
    String runId,
    String answeredBy,
    Status status,
    @Nullable String modelId,
    @Nullable String version,
    @Nullable String cardKey,
    @Nullable ArtifactRef card,
    @Nullable Rejection rejection,
    @Nullable String correlationId,
    @Nullable RequestSource source,
    Instant finishedAt) {

  /** The two ways a request can end. */
  public enum Status {
    COMPLETED,
    REJECTED
  }

  /** Why a request was rejected; {@code pointer} points into the request. */
  public record Rejection(
      String code, String message, String pointer, String stage, List<String> history) {}
}
