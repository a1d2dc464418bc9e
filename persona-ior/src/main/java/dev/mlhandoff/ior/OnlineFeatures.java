package dev.mlhandoff.ior;

import dev.mlhandoff.ior.serving.ServingModel;
import dev.mlhandoff.messages.Json;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Looks up what FAR wrote for an entity. */
final class OnlineFeatures {

  private static final Logger log = LoggerFactory.getLogger(OnlineFeatures.class);

  private final JdbcClient jdbc;
  private final Duration staleAfter;
  private final Clock clock;

  /**
   * @param staleAfter rows that were written longer ago are answered as stale
   */
  OnlineFeatures(JdbcClient jdbc, Duration staleAfter, Clock clock) {
    this.jdbc = jdbc;
    this.staleAfter = staleAfter;
    this.clock = clock;
  }

  /** The features of an entity, as they were written. */
  record Row(Map<String, @Nullable Object> features, Instant writtenAt, boolean stale) {}

  /**
   * The row that the model's version reads.
   *
   * @throws RefusedException if there is none, or the table cannot be read now
   */
  Row find(ServingModel model, String entity) {
    try {
      return jdbc.sql(
              "SELECT features::text, written_at FROM far.online_features WHERE view = ? AND"
                  + " digest = ? AND entity_key = ?")
          .params(model.modelId(), model.onlineDigest(), entity)
          .query((row, n) -> row(row.getString(1), row.getObject(2, OffsetDateTime.class)))
          .optional()
          .orElseThrow(
              () ->
                  new RefusedException(
                      HttpStatus.NOT_FOUND, "UNKNOWN_ENTITY", "no features of entity " + entity));
    } catch (DataAccessException e) {
      log.warn("the online features of {} cannot be read: {}", model.modelId(), e.toString());
      throw new RefusedException(
          HttpStatus.SERVICE_UNAVAILABLE,
          "FEATURES_UNAVAILABLE",
          "the features of entities cannot be looked up now");
    }
  }

  private Row row(String json, OffsetDateTime writtenAt) {
    @SuppressWarnings("unchecked") // the table holds JSON objects only
    Map<String, @Nullable Object> features =
        Json.read(json.getBytes(StandardCharsets.UTF_8), Map.class);
    Instant written = writtenAt.toInstant();
    return new Row(features, written, written.plus(staleAfter).isBefore(clock.instant()));
  }
}
