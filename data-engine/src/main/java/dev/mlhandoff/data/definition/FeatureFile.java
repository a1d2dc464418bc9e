package dev.mlhandoff.data.definition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The features that the operator declares for a dataset.
 *
 * @param derived whether those that are derived without being declared are computed as well
 */
public record FeatureFile(boolean derived, List<DeclaredFeature> features) {

  private static final int MOST_FEATURES = 500;

  private static final YAMLMapper MAPPER =
      YAMLMapper.builder(
              YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .build();

  public FeatureFile {
    features = List.copyOf(features);
  }

  /**
   * Reads a file.
   *
   * @param name of the file, for messages
   * @param columns what features may be computed from
   * @throws InvalidFeatureFileException with everything that is wrong, each with its line
   */
  public static FeatureFile read(byte[] content, String name, DatasetColumns columns)
      throws InvalidFeatureFileException {
    try {
      JsonNode root = MAPPER.readTree(content);
      List<Problem> problems = new ArrayList<>();
      FeatureFile file = read(root, columns, problems);
      if (!problems.isEmpty()) {
        Map<String, Integer> lines = lines(content);
        throw new InvalidFeatureFileException(
            problems.stream().map(problem -> inWords(problem, name, lines)).toList());
      }
      return file;
    } catch (JacksonException e) {
      throw new InvalidFeatureFileException(
          List.of(
              "%s, line %d: no YAML: %s"
                  .formatted(
                      name,
                      e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                      e.getOriginalMessage())));
    }
  }

  private static FeatureFile read(JsonNode root, DatasetColumns columns, List<Problem> problems) {
    if (!root.isObject() || !root.path("features").isArray() || root.path("features").isEmpty()) {
      problems.add(new Problem("", "there is no list of features"));
      return new FeatureFile(true, List.of());
    }
    FeatureNode file = new FeatureNode(root, "", problems);
    boolean derived = file.truth("derived", true);
    DefinitionReader reader = new DefinitionReader();
    List<DeclaredFeature> features = new ArrayList<>();
    Map<String, String> names = new LinkedHashMap<>();
    for (JsonNode definition : root.path("features")) {
      String pointer = "/features/" + names.size();
      names.put(pointer, definition.path("name").asString(""));
      reader.read(definition, pointer).ifPresent(features::add);
    }
    file.known("features");
    file.finish();
    if (names.size() > MOST_FEATURES) {
      problems.add(new Problem("/features", "there are more than " + MOST_FEATURES));
    }
    problems.addAll(reader.problems());
    names.values().removeIf(String::isEmpty);
    problems.addAll(new NameCheck(names, columns).check(features));
    problems.addAll(new DefinitionCheck(columns).check(features));
    return new FeatureFile(derived, features);
  }

  private static String inWords(Problem problem, String name, Map<String, Integer> lines) {
    String place = problem.pointer();
    Integer line = lines.get(place);
    return "%s, line %d, %s: %s"
        .formatted(name, line == null ? 1 : line, place.isEmpty() ? "/" : place, problem.message());
  }

  /** The line of each value, by JSON pointer. */
  private static Map<String, Integer> lines(byte[] content) {
    Map<String, Integer> lines = new HashMap<>();
    try (JsonParser parser = MAPPER.createParser(content)) {
      while (parser.nextToken() != null) {
        lines.putIfAbsent(
            parser.streamReadContext().pathAsPointer().toString(),
            parser.currentTokenLocation().getLineNr());
      }
    }
    return lines;
  }
}
