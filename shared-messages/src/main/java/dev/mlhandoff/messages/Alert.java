package dev.mlhandoff.messages;

import java.time.Instant;
import java.util.SortedMap;

/**
 * Something that needs the attention of the ops team, on {@code alerts.v1} under the model's id.
 *
 * @param alertId the same for a repetition of the same alert
 * @param subject what it is about: a feature, the score, or the version
 * @param statistics the numbers that decided, by name
 */
public record Alert(
    String alertId,
    Instant at,
    String modelId,
    String version,
    Kind kind,
    Severity severity,
    String subject,
    SortedMap<String, Double> statistics,
    String message) {

  /** What happened. */
  public enum Kind {
    /** A feature, or the score, no longer looks like it did in training. */
    DRIFT,
    /** More values are missing, or of a category that training never saw. */
    DATA_QUALITY,
    /** The predictions fit the true outcomes worse than they should. */
    QUALITY,
    /** A version was taken out of traffic. */
    ROLLBACK,
    /** Predictions were lost on their way to the log. */
    PREDICTION_LOG,
    /** A retrain was ordered, refused, or did not end in production. */
    RETRAIN,
    /** A view of another project, whose features the model reads, has a newer version. */
    FEATURE_VIEW,
    /** The current entities of a model could not be scored. */
    BATCH
  }

  /** How urgent it is. */
  public enum Severity {
    WARNING,
    CRITICAL
  }
}
