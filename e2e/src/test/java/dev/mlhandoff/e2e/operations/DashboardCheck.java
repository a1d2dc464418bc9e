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
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Asks a Prometheus that scrapes a running system every query of every panel. No part of the build:
 * {@code ops/check} runs it.
 */
class DashboardCheck {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Pattern NAME =
      Pattern.compile("\\b(?:handoff[_:]|http_|jvm_|kafka_|hikaricp_|logback_|process_)[\\w:]+");

  /** Counters that begin with the first failure of their kind, which need not have happened. */
  private static final Set<String> BY_FAILURE =
      Set.of("handoff_stage_rejections_total", "handoff_predictions_failures_total");

  @Test
  void everyPanelHasASeriesOfMetricsThatAreScraped() throws IOException, InterruptedException {
    String prometheus = System.getProperty("handoff.prometheus", "");
    assumeTrue(!prometheus.isEmpty(), "no -Dhandoff.prometheus=http://host:port");
    Set<String> scraped = new TreeSet<>(BY_FAILURE);
    ask(prometheus, "/api/v1/label/__name__/values")
        .path("data")
        .forEach(n -> scraped.add(n.asString()));
    List<Dashboards.Query> queries = Dashboards.queries();
    List<Dashboards.Query> empty = new ArrayList<>();
    Set<String> unknown = new TreeSet<>();
    for (Dashboards.Query query : queries) {
      String asked =
          "/api/v1/query?query=" + URLEncoder.encode(query.expression(), StandardCharsets.UTF_8);
      if (ask(prometheus, asked).path("data").path("result").isEmpty()) {
        empty.add(query);
      }
      // A fallback such as "or vector(0)" would hide a name that nobody measures.
      Matcher name = NAME.matcher(query.expression());
      while (name.find()) {
        if (!scraped.contains(name.group())) {
          unknown.add(name.group());
        }
      }
    }
    assertThat(empty).as("of %d queries", queries.size()).isEmpty();
    assertThat(unknown).as("metrics that no service shows").isEmpty();
  }

  private static JsonNode ask(String prometheus, String path)
      throws IOException, InterruptedException {
    return Json.tree(
        CLIENT
            .send(
                HttpRequest.newBuilder(URI.create(prometheus + path)).build(),
                HttpResponse.BodyHandlers.ofByteArray())
            .body());
  }
}
