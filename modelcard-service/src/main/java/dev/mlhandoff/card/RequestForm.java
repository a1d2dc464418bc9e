package dev.mlhandoff.card;

import dev.mlhandoff.messages.InvalidMessageException;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.MessageSchema;
import dev.mlhandoff.messages.MessageSchema.Violation;
import dev.mlhandoff.messages.ProjectRequest;
import dev.mlhandoff.messages.ProjectRequests;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.MissingNode;
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

  /** A request with the four needed keys, as it is worked on. */
  private static final JsonNode DEFAULTS = defaults();

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
   */
  record Field(
      String name, String pointer, Kind kind, String label, String hint, boolean required) {

    /** What holds if it is left empty; empty if there is no such thing. */
    String standard() {
      JsonNode standard = required ? MissingNode.getInstance() : DEFAULTS.at(pointer);
      return standard.isArray()
          ? standard.valueStream().map(JsonNode::asString).collect(Collectors.joining(", "))
          : standard.asString("");
    }
  }

  /** What a request needs. */
  static final List<Field> NEEDED =
      List.of(
          text("name", "Project", "Names the model as well.", true),
          text("dataset", "Dataset", "A name of the catalog.", true),
          text("target", "Target", "What the catalog lets be predicted.", true),
          text("deadline", "Deadline", "Free text; an ISO date is held against the end.", true));

  /** What a request may say besides. */
  static final List<Field> OPTIONAL =
      List.of(
          number("requirements/topFeatures", "Features kept", "At most so many."),
          number("requirements/folds", "Folds", "Of the cross-validation."),
          number("requirements/precisionAtK", "k of precision@k", "A share of the rows."),
          new Field(
              "models",
              "/requirements/models",
              Kind.TEXTS,
              "Model families",
              "Separated by commas.",
              false),
          number("requirements/latencyTargetMs", "Latency target", "p99 in milliseconds."),
          number("qualityGate/threshold", "Gate threshold", "May be raised only."),
          number("qualityGate/maxAttempts", "Attempts", "Before the gate gives up."),
          new Field(
              "steps",
              "/rollout/steps",
              Kind.NUMBERS,
              "Rollout steps",
              "Rising shares of the traffic in percent.",
              false),
          text("tuning", "Tuning", "on-failure or always.", false),
          number("tuningBudget/trials", "Search trials", "Of an attempt."),
          number("tuningBudget/seconds", "Search seconds", "Of an attempt."),
          number("seed", "Seed", "Same seed, same model."),
          text("correlationId", "Correlation id", "A repetition joins the first run.", false));

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
        "; ", violations.stream().filter(v -> at(v, field)).map(Violation::message).toList());
  }

  /** Broken rules that belong to no field. */
  List<Violation> elsewhere() {
    return violations.stream()
        .filter(v -> !value(JSON).isEmpty() || fields().stream().noneMatch(f -> at(v, f)))
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
    return violation.pointer().equals(field.pointer())
        || violation.pointer().startsWith(field.pointer() + "/");
  }

  private static JsonNode defaults() {
    ProjectRequest request = ProjectRequest.of("", "", "", "");
    ObjectNode all = (ObjectNode) Json.tree(Json.write(request));
    return all.setAll(
        Map.of(
            "tuning", Json.mapper().valueToTree(request.effectiveTuning()),
            "tuningBudget", Json.mapper().valueToTree(request.effectiveTuningBudget())));
  }

  private static Field text(String name, String label, String hint, boolean required) {
    return new Field(name, "/" + name, Kind.TEXT, label, hint, required);
  }

  private static Field number(String path, String label, String hint) {
    String name = path.substring(path.indexOf('/') + 1);
    return new Field(name, "/" + path, Kind.NUMBER, label, hint, false);
  }
}
