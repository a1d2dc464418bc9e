package dev.mlhandoff.e2e.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mlhandoff.messages.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Asks a Prometheus that scrapes a running system every query of every panel. No part of the build:
 * {@code ops/check} starts what it needs and runs it.
 */
class DashboardCheck {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @Test
  void everyPanelHasASeries() throws IOException, InterruptedException {
    String prometheus = System.getProperty("handoff.prometheus", "");
    assumeTrue(!prometheus.isEmpty(), "no -Dhandoff.prometheus=http://host:port");
    List<Dashboards.Query> queries = Dashboards.queries();
    List<Dashboards.Query> empty = new ArrayList<>();
    for (Dashboards.Query query : queries) {
      if (ask(prometheus, query.expression()).path("data").path("result").isEmpty()) {
        empty.add(query);
      }
    }
    assertThat(empty).as("of %d queries", queries.size()).isEmpty();
  }

  private static JsonNode ask(String prometheus, String expression)
      throws IOException, InterruptedException {
    String address =
        prometheus + "/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8);
    return Json.tree(
        CLIENT
            .send(
                HttpRequest.newBuilder(URI.create(address)).build(),
                HttpResponse.BodyHandlers.ofByteArray())
            .body());
  }
}
