package dev.mlhandoff.card;

import dev.mlhandoff.messages.InvalidMessageException;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.MessageSchema;
import dev.mlhandoff.messages.MessageSchema.Violation;
import dev.mlhandoff.messages.ProjectRequests;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request as somebody filled it in: what was written, and which rules of the schema it breaks.
 *
 * @param values what was written, by field name
 * @param violations broken rules, by JSON pointer into the request
 */
record RequestForm(Map<String, String> values, List<Violation> violations) {

  /** The field in which a request is written as JSON instead. */
  static final String JSON = "json";

  private static final MessageSchema SCHEMA = MessageSchema.of("project-request");

  /** How the text of a field becomes JSON. */
  enum Kind {
    TEXT,
    NUMBER,
    NUMBERS,
    TEXTS
  }

  /**
   * A field of the form.
   *
   * @param pointer where its value stands in the request
   * @param standard what holds if it is left empty; empty if it has to be filled
   */
  record Field(String name, String pointer, Kind kind, String label, String hint, String standard) {

    boolean required() {
      return standard.isEmpty();
    }
  }

  /** What a request needs. */
  static final List<Field> NEEDED =
      List.of(
          text("name", "Project", "Names the model as well.", ""),
          text("dataset", "Dataset", "A name of the catalog.", ""),
          text("target", "Target", "What the catalog lets be predicted.", ""),
          text("deadline", "Deadline", "Free text; an ISO date is held against the end.", ""));

  /** What a request may say besides. */
  static final List<Field> OPTIONAL =
      List.of(
          number("requirements/topFeatures", "Features kept", "At most so many.", "50"),
          number("requirements/folds", "Folds", "Of the cross-validation.", "5"),
          number("requirements/precisionAtK", "k of precision@k", "A share of the rows.", "0.1"),
          new Field(
              "models",
              "/requirements/models",
              Kind.TEXTS,
              "Model families",
              "Separated by commas.",
              "three families"),
          number("requirements/latencyTargetMs", "Latency target", "p99 in milliseconds.", "100"),
          number("qualityGate/threshold", "Gate threshold", "May be raised only.", "0.65"),
          number("qualityGate/maxAttempts", "Attempts", "Before the gate gives up.", "3"),
          new Field(
              "steps",
              "/rollout/steps",
              Kind.NUMBERS,
              "Rollout steps",
              "Rising shares of the traffic in percent.",
              "5, 25, 50, 100"),
          text("tuning", "Tuning", "on-failure or always.", "on-failure"),
          number("tuningBudget/trials", "Search trials", "Of an attempt.", "60"),
          number("tuningBudget/seconds", "Search seconds", "Of an attempt.", "300"),
          number("seed", "Seed", "Same seed, same model.", "42"),
          text("correlationId", "Correlation id", "A repetition joins the first run.", "none"));

  RequestForm {
    values = Map.copyOf(values);
    violations = List.copyOf(violations);
  }

  /** A form that nobody has filled in yet. */
  static RequestForm blank() {
    return new RequestForm(Map.of(), List.of());
  }

  String value(String field) {
    return values.getOrDefault(field, "");
  }

  /** What is wrong with a field, in one line; empty if nothing is. */
  String problem(Field field) {
    return String.join(
        "; ",
        violations.stream()
            .filter(v -> v.pointer().equals(field.pointer()) || below(v, field))
            .map(Violation::message)
            .toList());
  }

  /** Broken rules that belong to no field. */
  List<Violation> elsewhere() {
    return violations.stream()
        .filter(v -> value(JSON).isEmpty() ? fields().stream().noneMatch(f -> at(v, f)) : true)
        .toList();
  }

  /** Whether anything but the four needed keys was written. */
  boolean detailed() {
    return OPTIONAL.stream().anyMatch(field -> !value(field.name()).isEmpty());
  }

  /** The form with the rules that it breaks. */
  RequestForm checked() {
    return new RequestForm(values, check());
  }

  /** What was written, as JSON. */
  JsonNode request() {
    if (!value(JSON).isEmpty()) {
      return Json.tree(value(JSON).getBytes(StandardCharsets.UTF_8));
    }
    ObjectNode request = Json.mapper().createObjectNode();
    for (Field field : fields()) {
      String text = value(field.name()).strip();
      if (!text.isEmpty()) {
        put(request, field, text);
      }
    }
    return request;
  }

  private List<Violation> check() {
    try {
      byte[] content =
          value(JSON).isEmpty()
              ? Json.write(request())
              : value(JSON).getBytes(StandardCharsets.UTF_8);
      try {
        ProjectRequests.parse(content);
        return List.of();
      } catch (InvalidMessageException e) {
        // The schema names every broken rule by itself; what it cannot know stands in the refusal.
        List<Violation> all =
            e.code().equals("INVALID_REQUEST") ? SCHEMA.violations(request()) : List.of();
        return all.isEmpty() ? List.of(new Violation(e.pointer(), e.reason())) : all;
      }
    } catch (RuntimeException e) {
      return List.of(new Violation("", "this cannot be read"));
    }
  }

  private static void put(ObjectNode request, Field field, String text) {
    String[] path = field.pointer().substring(1).split("/", -1);
    ObjectNode parent = path.length == 1 ? request : request.withObject("/" + path[0]);
    String key = path[path.length - 1];
    switch (field.kind()) {
      case TEXT -> parent.put(key, text);
      case NUMBER -> parent.set(key, number(text));
      case NUMBERS -> {
        ArrayNode items = parent.putArray(key);
        items(text).forEach(item -> items.add(number(item)));
      }
      case TEXTS -> {
        ArrayNode items = parent.putArray(key);
        items(text).forEach(items::add);
      }
    }
  }

  /** A number; what is none stays text, for the schema to refuse. */
  private static JsonNode number(String text) {
    try {
      JsonNode read = Json.tree(text.getBytes(StandardCharsets.UTF_8));
      return read.isNumber() ? read : Json.mapper().getNodeFactory().stringNode(text);
    } catch (RuntimeException e) {
      return Json.mapper().getNodeFactory().stringNode(text);
    }
  }

  private static List<String> items(String text) {
    return List.of(text.split(",", -1)).stream()
        .map(String::strip)
        .filter(t -> !t.isEmpty())
        .toList();
  }

  private static List<Field> fields() {
    List<Field> all = new ArrayList<>(NEEDED);
    all.addAll(OPTIONAL);
    return all;
  }

  private static boolean at(Violation violation, Field field) {
    return violation.pointer().equals(field.pointer()) || below(violation, field);
  }

  private static boolean below(Violation violation, Field field) {
    return violation.pointer().startsWith(field.pointer() + "/");
  }

  private static Field text(String name, String label, String hint, String standard) {
    return new Field(name, "/" + name, Kind.TEXT, label, hint, standard);
  }

  private static Field number(String path, String label, String hint, String standard) {
    String name = path.substring(path.indexOf('/') + 1);
    return new Field(name, "/" + path, Kind.NUMBER, label, hint, standard);
  }
}
