package dev.mlhandoff.e2e.operations;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The rules of Prometheus, as {@code ops/prometheus} has them. */
final class Rules {

  static final Path FOLDER = Path.of("..", "ops", "prometheus");

  private static final YAMLMapper YAML = YAMLMapper.builder().build();

  private Rules() {}

  /** An alert. */
  record Alert(String name, String expression, String severity, String summary, String runbook) {}

  static List<Alert> alerts() {
    List<Alert> alerts = new ArrayList<>();
    for (JsonNode rule : all()) {
      if (rule.has("alert")) {
        alerts.add(
            new Alert(
                rule.path("alert").asString(),
                rule.path("expr").asString(),
                rule.path("labels").path("severity").asString(""),
                rule.path("annotations").path("summary").asString(""),
                rule.path("annotations").path("runbook").asString("")));
      }
    }
    return alerts;
  }

  /** Names that recording rules give. */
  static List<String> recorded() {
    return all().stream()
        .filter(rule -> rule.has("record"))
        .map(rule -> rule.path("record").asString())
        .toList();
  }

  static List<String> expressions() {
    return all().stream().map(rule -> rule.path("expr").asString()).toList();
  }

  /** The alerts that a unit test expects to fire. */
  static List<String> tested() {
    List<String> tested = new ArrayList<>();
    for (JsonNode test : read(FOLDER.resolve("tests/alerts_test.yml")).path("tests")) {
      for (JsonNode check : test.path("alert_rule_test")) {
        if (!check.path("exp_alerts").isEmpty()) {
          tested.add(check.path("alertname").asString());
        }
      }
    }
    return tested;
  }

  private static List<JsonNode> all() {
    List<JsonNode> rules = new ArrayList<>();
    try (Stream<Path> files = Files.list(FOLDER.resolve("rules"))) {
      for (Path file : files.sorted().toList()) {
        for (JsonNode group : read(file).path("groups")) {
          group.path("rules").forEach(rules::add);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rules;
  }

  private static JsonNode read(Path file) {
    try {
      return YAML.readTree(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
