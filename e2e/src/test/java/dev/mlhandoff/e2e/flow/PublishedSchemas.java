package dev.mlhandoff.e2e.flow;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The schemas that OpenLineage publishes, read from there or from a folder that is laid out alike:
 * {@code 2-0-2/OpenLineage.json}, {@code facets/1-2-0/ParentRunFacet.json} and so on.
 */
final class PublishedSchemas {

  /** System property that says where they are; without it nothing is held against them. */
  static final String PROPERTY = "openlineage.spec";

  private static final String PUBLISHED = "https://openlineage.io/spec/";

  /**
   * How the event's schema calls facets, beside the rule that each is a facet. Nothing is published
   * under these names; a facet has its own schema by its own address.
   */
  private static final Pattern BESIDE_THE_EVENT = Pattern.compile(".*/\\d+-\\d+-\\d+/facets/.*");

  private final SchemaRegistry registry;

  /**
   * @param place address of a folder, ending in a slash
   */
  private PublishedSchemas(URI place) {
    SchemaRegistryConfig config =
        SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build();
    this.registry =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder ->
                builder.schemaRegistryConfig(config).schemas(address -> content(place, address)));
  }

  static PublishedSchemas in(Path folder) {
    return new PublishedSchemas(folder.toUri());
  }

  /** Those of the system property, an address or a folder. */
  static Optional<PublishedSchemas> configured() {
    return Optional.ofNullable(System.getProperty(PROPERTY))
        .filter(place -> !place.isEmpty())
        .map(
            place ->
                place.startsWith("https:")
                    ? new PublishedSchemas(URI.create(place.endsWith("/") ? place : place + "/"))
                    : in(Path.of(place)));
  }

  /**
   * What is wrong with an event: by the schema that it names, and with each of its facets by the
   * schema that the facet names. A schema that cannot be read is an error.
   */
  List<String> violations(JsonNode event) {
    List<String> found = new ArrayList<>(violations("event", event, "schemaURL"));
    facets("", event, found);
    return found;
  }

  private void facets(String name, JsonNode node, List<String> found) {
    if (node.has("_schemaURL")) {
      found.addAll(violations("facet " + name, node, "_schemaURL"));
    }
    node.propertyStream().forEach(child -> facets(child.getKey(), child.getValue(), found));
    if (node.isArray()) {
      node.forEach(child -> facets(name, child, found));
    }
  }

  private List<String> violations(String subject, JsonNode node, String key) {
    Schema schema = registry.getSchema(SchemaLocation.of(node.path(key).asString("")));
    return schema.validate(node).stream().map(error -> subject + ": " + error).toList();
  }

  private static String content(URI place, String address) {
    if (!address.startsWith(PUBLISHED)) {
      throw new IllegalArgumentException("no schema of OpenLineage: " + address);
    }
    if (BESIDE_THE_EVENT.matcher(address).matches()) {
      return "false";
    }
    URI source = place.resolve(address.substring(PUBLISHED.length()));
    try (InputStream stream = source.toURL().openStream()) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + source, e);
    }
  }
}
