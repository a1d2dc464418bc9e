package dev.mlhandoff.ior;

import dev.mlhandoff.ior.serving.ServingModel;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.runtime.TransientException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Looks up what FAR wrote for entities. */
final class OnlineFeatures implements CurrentEntities {

  private static final Logger log = LoggerFactory.getLogger(OnlineFeatures.class);

  /** Rows of one query, which leave its time limit and the pool's connections alone. */
  private static final int PAGE = 1000;

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

  @Override
  public List<Entity> after(ServingModel model, @Nullable String key, int limit) {
    List<Entity> entities = new ArrayList<>();
    List<Entity> page;
    String last = key;
    do {
      int wanted = Math.min(PAGE, limit - entities.size());
      page = page(model, last, wanted);
      entities.addAll(page);
      last = page.isEmpty() ? last : page.get(page.size() - 1).key();
    } while (!page.isEmpty() && entities.size() < limit);
    return entities;
  }

  private List<Entity> page(ServingModel model, @Nullable String after, int limit) {
    String condition = after == null ? "" : " AND entity_key > ?";
    List<Object> parameters = new ArrayList<>(List.of(model.modelId(), model.onlineDigest()));
    if (after != null) {
      parameters.add(after);
    }
    parameters.add(limit);
    try {
      return jdbc.sql(
              "SELECT entity_key, features::text, written_at FROM far.online_features WHERE view = ?"
                  + " AND digest = ?"
                  + condition
                  + " ORDER BY entity_key LIMIT ?")
          .params(parameters)
          .query(
              (row, n) ->
                  new Entity(
                      row.getString(1),
                      row(row.getString(2), row.getObject(3, OffsetDateTime.class))))
          .list();
    } catch (DataAccessException e) {
      throw new TransientException("the online features cannot be read", e);
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
