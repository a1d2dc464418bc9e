package dev.mlhandoff.messages;

import com.fasterxml.jackson.annotation.JsonInclude;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The one way messages and JSON artifacts are written and read: UTF-8, keys in a fixed order, so
 * that equal content gives equal bytes, and bounded in depth and size when reading.
 */
public final class Json {

  /** Deepest nesting that is read; Jackson's own default is 500. */
  static final int MAX_DEPTH = 64;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxDocumentLength(64L * 1024 * 1024)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .disable(MapperFeature.SORT_CREATOR_PROPERTIES_FIRST)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .changeDefaultPropertyInclusion(
              inclusion -> inclusion.withValueInclusion(JsonInclude.Include.ALWAYS))
          .build();

  private Json() {}

  /** Compact UTF-8 JSON; equal values give equal bytes. */
  public static byte[] write(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  /** The same content, indented for people. */
  public static byte[] writePretty(Object value) {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(value);
  }

  /**
   * Reads a value of a type.
   *
   * @throws JacksonException if the bytes are not JSON or do not fit the type
   */
  public static <T> T read(byte[] content, Class<T> type) {
    return MAPPER.readValue(content, type);
  }

  /**
   * Reads any JSON.
   *
   * @throws JacksonException if the bytes are not JSON, nest too deep or repeat a key
   */
  public static JsonNode tree(byte[] content) {
    return MAPPER.readTree(content);
  }

  /** Turns a tree into a value of a type. */
  public static <T> T convert(JsonNode tree, Class<T> type) {
    return MAPPER.treeToValue(tree, type);
  }

  /** The mapper itself, for libraries that want one. */
  public static JsonMapper mapper() {
    return MAPPER;
  }
}
