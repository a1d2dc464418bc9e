package dev.mlhandoff.ior;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a model.
 *
 * @param version asked directly; null lets the routes decide
 * @param routingKey routes all subjects alike; null routes each by its entity, or its prediction id
 * @param explain how many contributions each answer names; 0 for no explanation
 * @param replay sent by a canary's replay, left out of monitoring
 */
record Question(
    String model,
    @Nullable String version,
    @Nullable String routingKey,
    List<Subject> subjects,
    int explain,
    boolean replay) {

  /** One row to score: a raw record, or an entity whose features are looked up. */
  record Subject(@Nullable String entity, @Nullable Map<String, @Nullable Object> record) {}
}
