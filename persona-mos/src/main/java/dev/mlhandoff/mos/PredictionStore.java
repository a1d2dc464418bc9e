package dev.mlhandoff.mos;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PredictionLabel;
import dev.mlhandoff.messages.PredictionLog;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes predictions and their outcomes together with the position in the topics up to which they
 * were read, in one transaction: whatever crashes, each record counts once.
 */
final class PredictionStore {

  // One writer at a time: a label and its prediction that come at the same moment must see each
  // other, and the rising numbers must rise in the order in which rows become visible.
  private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtext('mos.predictions'))";

  private static final String PREDICTIONS =
      """
      INSERT INTO mos.predictions (prediction_id, model_id, version, arm, entity_key_hash, features,
          probability, decision, latency_ms, failed_version, replay, predicted_at)
        SELECT "predictionId", "modelId", version, arm, "entityKeyHash", features, probability,
            decision, "latencyMs", "failedVersion", replay, at
          FROM ROWS FROM (jsonb_to_recordset(?::jsonb) AS ("predictionId" text, "modelId" text,
              version text, arm text, "entityKeyHash" text, features jsonb,
              probability double precision, decision boolean, "latencyMs" double precision,
              "failedVersion" text, replay boolean, at timestamptz)) WITH ORDINALITY
          ORDER BY ordinality
        ON CONFLICT DO NOTHING""";

  private static final String LABELS =
      """
      INSERT INTO mos.waiting_labels (prediction_id, outcome, outcome_at, received_at)
        SELECT "predictionId", outcome, at, ?
          FROM ROWS FROM (jsonb_to_recordset(?::jsonb) AS ("predictionId" text, outcome boolean,
              at timestamptz)) WITH ORDINALITY
          ORDER BY ordinality
        ON CONFLICT DO NOTHING""";

  private static final String JOIN =
      """
      WITH joined AS (DELETE FROM mos.waiting_labels w USING mos.predictions p
          WHERE w.prediction_id = p.prediction_id AND w.prediction_id = ANY(?) RETURNING w.*)
      UPDATE mos.predictions p SET outcome = joined.outcome, outcome_at = joined.outcome_at,
          labelled = nextval('mos.prediction_labels')
        FROM joined WHERE p.prediction_id = joined.prediction_id AND p.outcome IS NULL""";

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final Clock clock;

  PredictionStore(JdbcClient jdbc, TransactionTemplate transaction, Clock clock) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.clock = clock;
  }

  /** A stretch of a partition: from its first offset up to, and without, the next one. */
  record Stretch(String topic, int partition, long first, long next) {}

  /** Another replica has read further: what was read here is already stored. */
  static final class OvertakenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OvertakenException(Stretch stretch) {
      super("another replica has read further than " + stretch);
    }
  }

  /**
   * Stores what was read, and that it was.
   *
   * @param labels each with its time
   * @throws OvertakenException if a stretch begins before the stored position; nothing is stored
   */
  void add(
      List<PredictionLog> predictions,
      List<PredictionLabel> labels,
      Collection<Stretch> stretches) {
    transaction.executeWithoutResult(
        status -> {
          jdbc.sql(LOCK).query().listOfRows();
          stretches.forEach(this::advance);
          if (!predictions.isEmpty()) {
            jdbc.sql(PREDICTIONS).param(json(predictions)).update();
          }
          if (!labels.isEmpty()) {
            jdbc.sql(LABELS).params(now(), json(labels)).update();
          }
          String[] ids =
              Stream.concat(
                      predictions.stream().map(PredictionLog::predictionId),
                      labels.stream().map(PredictionLabel::predictionId))
                  .toArray(String[]::new);
          jdbc.sql(JOIN).param(1, ids).update();
        });
  }

  /** The offset at which a partition is to be read on; empty before its first record. */
  OptionalLong position(String topic, int partition) {
    return jdbc.sql("SELECT next_offset FROM mos.feed_positions WHERE topic = ? AND partition = ?")
        .params(topic, partition)
        .query(Long.class)
        .optional()
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }

  /** Begins a partition anew, because the topic itself did. */
  void forgetPosition(String topic, int partition) {
    jdbc.sql("DELETE FROM mos.feed_positions WHERE topic = ? AND partition = ?")
        .params(topic, partition)
        .update();
  }

  /** Removes predictions, and labels that found none, from before a time. */
  void removeBefore(Instant time) {
    OffsetDateTime before = OffsetDateTime.ofInstant(time, ZoneOffset.UTC);
    jdbc.sql("DELETE FROM mos.predictions WHERE predicted_at < ?").param(before).update();
    jdbc.sql("DELETE FROM mos.waiting_labels WHERE received_at < ?").param(before).update();
  }

  private void advance(Stretch stretch) {
    int moved =
        jdbc.sql(
                "INSERT INTO mos.feed_positions (topic, partition, next_offset) VALUES (?, ?, ?) ON"
                    + " CONFLICT (topic, partition) DO UPDATE SET next_offset ="
                    + " excluded.next_offset WHERE feed_positions.next_offset <= ?")
            .params(stretch.topic(), stretch.partition(), stretch.next(), stretch.first())
            .update();
    if (moved == 0) {
      throw new OvertakenException(stretch);
    }
  }

  private OffsetDateTime now() {
    return OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  private static String json(Object value) {
    return new String(Json.write(value), StandardCharsets.UTF_8);
  }
}
