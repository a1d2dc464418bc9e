package dev.mlhandoff.ior;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.mlhandoff.messages.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Holds every answer of the service against its own OpenAPI document. */
final class OpenApiContract {

  private static final JsonNode DOCUMENT = document();

  private OpenApiContract() {}

  /** Status, content type and body are what the document says of the path. */
  static void check(String method, String path, HttpResponse<String> response) {
    Optional<String> template =
        DOCUMENT.get("paths").propertyNames().stream()
            .filter(documented -> path.matches(documented.replaceAll("\\{[^}]*}", "[^/]+")))
            .findFirst();
    if (template.isEmpty()) {
      return;
    }
    JsonNode operation =
        DOCUMENT.get("paths").get(template.get()).path(method.toLowerCase(Locale.ROOT));
    if (operation.isMissingNode()) {
      assertThat(response.statusCode()).as(method + " " + path).isEqualTo(405);
      return;
    }
    JsonNode documented = operation.get("responses").path(String.valueOf(response.statusCode()));
    assertThat(documented.isMissingNode())
        .as("%s %s: %d %s", method, path, response.statusCode(), response.body())
        .isFalse();
    JsonNode content = documented.get("content");
    String type = response.headers().firstValue("Content-Type").orElse("").split(";", 2)[0];
    assertThat(content.has(type)).as(type).isTrue();
    if (documented.has("headers")) {
      documented
          .get("headers")
          .propertyNames()
          .forEach(name -> assertThat(response.headers().firstValue(name)).as(name).isPresent());
    }
    ObjectNode schema = (ObjectNode) content.get(type).get("schema").deepCopy();
    schema.set("components", DOCUMENT.get("components"));
    assertThat(
            validator(schema).validate(Json.tree(response.body().getBytes(StandardCharsets.UTF_8))))
        .as("%s %s: %s", method, path, response.body())
        .isEmpty();
  }

  private static Schema validator(JsonNode schema) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(schema);
  }

  private static JsonNode document() {
    try (InputStream content =
        OpenApiContract.class.getResourceAsStream("/openapi/inference.json")) {
      return Json.tree(Objects.requireNonNull(content).readAllBytes());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
