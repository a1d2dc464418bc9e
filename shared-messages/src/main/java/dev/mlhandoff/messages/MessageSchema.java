package dev.mlhandoff.messages;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A JSON Schema (2020-12) of the contract, loaded from this module's resources. */
public final class MessageSchema {

  /** One rule that a message breaks. */
  public record Violation(String pointer, String message) {}

  private final Schema schema;

  private MessageSchema(Schema schema) {
    this.schema = schema;
  }

  /** Loads the schema of a message by its file name, for example {@code project-request}. */
  public static MessageSchema of(String name) {
    String resource = "/schemas/v1/" + name + ".schema.json";
    try (InputStream content = MessageSchema.class.getResourceAsStream(resource)) {
      if (content == null) {
        throw new IllegalArgumentException("no schema " + resource);
      }
      SchemaRegistryConfig config =
          SchemaRegistryConfig.builder().pathType(PathType.JSON_POINTER).build();
      SchemaRegistry registry =
          SchemaRegistry.withDefaultDialect(
              SpecificationVersion.DRAFT_2020_12, builder -> builder.schemaRegistryConfig(config));
      return new MessageSchema(registry.getSchema(content));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every rule the message breaks, in the order of the document; empty if it is valid. */
  public List<Violation> violations(JsonNode message) {
    return schema.validate(message).stream().map(MessageSchema::violation).toList();
  }

  private static Violation violation(Error error) {
    StringBuilder pointer = new StringBuilder(error.getInstanceLocation().toString());
    if (error.getProperty() != null) {
      pointer.append('/').append(error.getProperty().replace("~", "~0").replace("/", "~1"));
    }
    return new Violation(pointer.toString(), error.getMessage());
  }
}
