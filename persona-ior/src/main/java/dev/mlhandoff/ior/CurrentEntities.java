package dev.mlhandoff.ior;

import dev.mlhandoff.ior.serving.ServingModel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The entities whose features count now, as a model's version reads them. */
interface CurrentEntities {

  /** An entity and its features. */
  record Entity(String key, OnlineFeatures.Row row) {}

  /**
   * The next ones, in the order of their keys.
   *
   * @param key the last one before them; null for the first ones
   * @throws dev.mlhandoff.runtime.TransientException if they cannot be read now
   */
  List<Entity> after(ServingModel model, @Nullable String key, int limit);
}
