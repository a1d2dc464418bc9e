package dev.mlhandoff.e2e.operations;

import dev.mlhandoff.messages.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The dashboards of {@code ops/grafana}. */
final class Dashboards {

  private static final Path FOLDER = Path.of("..", "ops", "grafana", "dashboards");

  private Dashboards() {}

  /** A query of a panel; what Grafana would fill in is filled in. */
  record Query(String dashboard, String panel, String expression) {}

  static List<JsonNode> all() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<JsonNode> dashboards = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        dashboards.add(Json.tree(Files.readAllBytes(file)));
      }
      return dashboards;
    }
  }

  static List<Query> queries() throws IOException {
    List<Query> queries = new ArrayList<>();
    for (JsonNode dashboard : all()) {
      for (JsonNode panel : dashboard.path("panels")) {
        for (JsonNode target : panel.path("targets")) {
          queries.add(
              new Query(
                  dashboard.path("uid").asString(),
                  panel.path("title").asString(),
                  target
                      .path("expr")
                      .asString()
                      .replace("$__rate_interval", "1m")
                      .replace("$stage", ".*")));
        }
      }
    }
    return queries;
  }
}
