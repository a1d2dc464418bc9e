package dev.mlhandoff.runtime;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.mlhandoff.messages.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The declarative definition of a persona, the resource {@code personas/<id>.json} of its module.
 * Nothing in it may be left out.
 *
 * @param id persona id
 * @param stage stage id of its work
 * @param expectedOutput names of the artifacts it delivers
 * @param collaborators what each neighbour is there for, by persona id
 */
public record Persona(
    String id,
    String name,
    String category,
    String stage,
    String role,
    String archetype,
    List<String> responsibilities,
    List<String> skills,
    List<String> inputs,
    String style,
    List<String> constraints,
    @JsonProperty("expected_output") List<String> expectedOutput,
    Map<String, String> collaborators,
    @JsonProperty("adoption_checklist") List<String> adoptionChecklist) {

  public Persona {
    for (String text : List.of(id, name, category, stage, role, archetype, style)) {
      if (text.isBlank()) {
        throw new IllegalArgumentException("persona " + id + " leaves something out");
      }
    }
    for (List<String> list :
        List.of(responsibilities, skills, inputs, constraints, expectedOutput, adoptionChecklist)) {
      if (list.isEmpty()) {
        throw new IllegalArgumentException("persona " + id + " leaves something out");
      }
    }
    Objects.requireNonNull(collaborators);
  }

  /**
   * Reads a definition from the class path.
   *
   * @throws IllegalArgumentException if there is none, or one that is not complete
   */
  public static Persona of(String id) {
    String resource = "/personas/" + id.toLowerCase(Locale.ROOT) + ".json";
    try (InputStream content = Persona.class.getResourceAsStream(resource)) {
      if (content == null) {
        throw new IllegalArgumentException("there is no persona " + id);
      }
      return Json.read(content.readAllBytes(), Persona.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
