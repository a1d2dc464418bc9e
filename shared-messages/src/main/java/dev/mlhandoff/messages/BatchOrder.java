package dev.mlhandoff.messages;

import java.time.Instant;
import java.time.LocalDate;

/**
 * The order to score the current entities of a model, on {@code batch.orders.v1} under the model's
 * id. A version is scored once a day: a repetition leads to the batch of the first.
 *
 * @param runId the run that brought the version
 * @param date the day, in UTC
 * @param bundle the model bundle to score with
 * @param featureDigest which rows of the online feature table are scored
 * @param by who ordered it: a user's name, or {@code schedule}
 */
public record BatchOrder(
    String modelId,
    String version,
    String runId,
    LocalDate date,
    ArtifactRef bundle,
    String featureDigest,
    String by,
    Instant orderedAt) {

  /** Where everything of this batch lies in the artifact store, with a slash at its end. */
  public String folder() {
    return folder(modelId) + version + "/" + date + "/";
  }

  /** Where the batches of a model lie, with a slash at its end. */
  public static String folder(String modelId) {
    return "batches/" + modelId + "/";
  }
}
