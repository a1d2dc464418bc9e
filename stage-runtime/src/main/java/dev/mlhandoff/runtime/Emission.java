package dev.mlhandoff.runtime;

import dev.mlhandoff.messages.Topic;

/** One record to send in the stage's transaction. */
public record Emission(Topic<?> topic, String key, Object payload) {}
