package dev.mlhandoff.data.definition;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A mapping of the file whose properties are asked for by name. What does not fit is noted as a
 * problem, and the answer is then of no use; what nobody asked for is one too.
 */
final class FeatureNode {

  private final JsonNode node;
  private final String pointer;
  private final List<Problem> problems;
  private final Set<String> asked = new HashSet<>();

  FeatureNode(JsonNode node, String pointer, List<Problem> problems) {
    this.node = node;
    this.pointer = pointer;
    this.problems = problems;
  }

  @Nullable String text(String property) {
    JsonNode value = value(property);
    if (value.isMissingNode()) {
      return null;
    }
    if (!value.isString() || value.asString().isBlank()) {
      wrong(property, property + " is a text");
      return null;
    }
    return value.asString();
  }

  String required(String property) {
    String text = text(property);
    if (text == null && !node.has(property)) {
      wrong("", property + " is missing");
    }
    return text == null ? "" : text;
  }

  @Nullable Integer whole(String property, int least, int most) {
    JsonNode value = value(property);
    if (value.isMissingNode()) {
      return null;
    }
    return whole(value, property, least, most);
  }

  int whole(String property, int least, int most, @Nullable Integer otherwise) {
    Integer number = whole(property, least, most);
    if (number == null && otherwise == null && !node.has(property)) {
      wrong("", property + " is missing");
    }
    return number == null ? (otherwise == null ? least : otherwise) : number;
  }

  boolean truth(String property, boolean otherwise) {
    JsonNode value = value(property);
    if (!value.isMissingNode() && !value.isBoolean()) {
      wrong(property, property + " is true or false");
    }
    return value.asBoolean(otherwise);
  }

  /** A constant, whatever its case: {@code standardDeviation} is STANDARD_DEVIATION. */
  <E extends Enum<E>> E choice(String property, Class<E> type, @Nullable E otherwise) {
    E[] constants = type.getEnumConstants();
    if (otherwise != null && !node.has(property)) {
      asked.add(property);
      return otherwise;
    }
    String given = required(property);
    for (E constant : constants) {
      if (constant.name().replace("_", "").equalsIgnoreCase(given)) {
        return constant;
      }
    }
    if (!given.isEmpty()) {
      wrong(property, "%s is one of %s, not %s".formatted(property, names(constants), given));
    }
    return constants[0];
  }

  List<String> texts(String property) {
    List<String> texts = new ArrayList<>();
    for (JsonNode each : list(property)) {
      if (!each.isString()) {
        wrong(property, property + " is a list of texts");
      }
      texts.add(each.asString(""));
    }
    return texts;
  }

  List<Integer> wholes(String property, int least, int most) {
    List<Integer> numbers = new ArrayList<>();
    for (JsonNode each : list(property)) {
      Integer number = whole(each, property, least, most);
      if (number != null) {
        numbers.add(number);
      }
    }
    return numbers;
  }

  /** The properties that are there, of those named. */
  List<String> present(String... properties) {
    return Stream.of(properties).filter(node::has).toList();
  }

  /** Says that a property is read elsewhere. */
  void known(String property) {
    asked.add(property);
  }

  /** Notes every property that nobody asked for. */
  void finish() {
    for (String property : node.propertyNames()) {
      if (!asked.contains(property)) {
        wrong(property, property + " is not known here");
      }
    }
  }

  void wrong(String property, String message) {
    problems.add(new Problem(property.isEmpty() ? pointer : pointer + "/" + property, message));
  }

  private Iterable<JsonNode> list(String property) {
    JsonNode value = value(property);
    if (!value.isMissingNode() && (!value.isArray() || value.isEmpty())) {
      wrong(property, property + " is a list with at least one value");
      return List.of();
    }
    return value;
  }

  private @Nullable Integer whole(JsonNode value, String property, int least, int most) {
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.asInt() < least
        || value.asInt() > most) {
      wrong(property, "%s is a whole number from %d to %d".formatted(property, least, most));
      return null;
    }
    return value.asInt();
  }

  private JsonNode value(String property) {
    asked.add(property);
    return node.path(property);
  }

  private static <E extends Enum<E>> String names(E[] constants) {
    return Stream.of(constants).map(FeatureNode::name).collect(Collectors.joining(", "));
  }

  /** As it is written in files. */
  private static <E extends Enum<E>> String name(E constant) {
    String[] words = constant.name().toLowerCase(Locale.ROOT).split("_", -1);
    StringBuilder name = new StringBuilder(words[0]);
    for (int i = 1; i < words.length; i++) {
      name.append(Character.toUpperCase(words[i].charAt(0))).append(words[i].substring(1));
    }
    return name.toString();
  }
}
