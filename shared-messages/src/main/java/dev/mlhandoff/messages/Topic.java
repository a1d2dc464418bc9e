package dev.mlhandoff.messages;

import java.util.Map;

/**
 * A topic and the type of its values.
 *
 * @param name the name on the broker, ending in {@code .v1}
 * @param valueType what its values are read as
 * @param key what the record key is, in words
 * @param configuration broker-side settings that differ from the defaults
 */
public record Topic<T>(
    String name, Class<T> valueType, String key, Map<String, String> configuration) {

  /** Where records of this topic go that could not be processed. */
  public String deadLetterName() {
    return name + ".dlt";
  }
}
