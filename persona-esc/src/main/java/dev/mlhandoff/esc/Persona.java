package dev.mlhandoff.esc;

import dev.mlhandoff.messages.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import tools.jackson.databind.JsonNode;

/** The declarative definition of ESC, a resource of this module. */
final class Persona {

  private static final String RESOURCE = "/personas/esc.json";

  private Persona() {}

  static JsonNode definition() {
    try (InputStream resource = Persona.class.getResourceAsStream(RESOURCE)) {
      if (resource == null) {
        throw new IllegalStateException("no resource " + RESOURCE);
      }
      return Json.tree(resource.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
