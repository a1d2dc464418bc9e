package dev.mlhandoff.runtime;

import dev.mlhandoff.messages.Topic;
import org.jspecify.annotations.Nullable;

/**
 * One record to send in the stage's transaction.
 *
 * @param partition where it goes; null leaves that to the key
 */
public record Emission(Topic<?> topic, String key, Object payload, @Nullable Integer partition) {

  public Emission(Topic<?> topic, String key, Object payload) {
    this(topic, key, payload, null);
  }
}
