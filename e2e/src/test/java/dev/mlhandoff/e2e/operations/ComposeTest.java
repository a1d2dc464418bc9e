package dev.mlhandoff.e2e.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What the compose file promises on paper; that it starts is for an engine to show. */
class ComposeTest {

  private static final Path ROOT = Path.of("..");
  private static final int LAPTOP_MB = 8 * 1024;
  private static final Pattern LIMIT = Pattern.compile("(\\d+)m");
  private static final Pattern DOCUMENTED = Pattern.compile("\\| `([\\w-]+)` \\| (\\d+) ");
  private static final Pattern ACTUATOR = Pattern.compile("MANAGEMENT_SERVER_PORT=(\\d+)");
  private static final Pattern SECRET = Pattern.compile("\\$\\{(\\w+):\\?");

  @Test
  void memoryLimitsFitALaptopAndAreTheDocumentedOnes() throws IOException {
    Map<String, Integer> limits = new HashMap<>();
    for (Map.Entry<String, JsonNode> service : services().properties()) {
      String limit = service.getValue().path("mem_limit").asString("");
      assertThat(limit).as(service.getKey()).matches(LIMIT);
      limits.put(service.getKey(), Integer.parseInt(limit.replace("m", "")));
    }
    int sum = limits.values().stream().mapToInt(Integer::intValue).sum();
    assertThat(sum).isLessThanOrEqualTo(LAPTOP_MB);

    String page = Files.readString(ROOT.resolve("docs/containers.md"));
    String figure = "%,d".formatted(sum);
    assertThat(page).contains("sum to " + figure);
    assertThat(Files.readString(ROOT.resolve("docker-compose.yml"))).contains(figure + " MB");
    Map<String, Integer> documented = new HashMap<>();
    for (MatchResult row : DOCUMENTED.matcher(page).results().toList()) {
      documented.put(row.group(1), Integer.parseInt(row.group(2)));
    }
    limits.remove("prepare");
    limits.remove("request");
    assertThat(documented).isEqualTo(limits);
  }

  @Test
  void portsAreForThisMachineOnly() throws IOException {
    for (JsonNode service : services()) {
      for (JsonNode port : service.path("ports")) {
        assertThat(port.asString()).startsWith("127.0.0.1:");
      }
    }
  }

  @Test
  void everyServiceSaysWhetherItIsHealthy() throws IOException {
    for (Map.Entry<String, JsonNode> service : services().properties()) {
      // The project's own images have a check of their own.
      assertThat(service.getValue().has("healthcheck") || service.getValue().has("build"))
          .as(service.getKey())
          .isTrue();
    }
  }

  /** In an image it is where its own check and Prometheus look, and in no published port. */
  @Test
  void theActuatorHasOnePort() throws IOException {
    String dockerfile = Files.readString(ROOT.resolve("Dockerfile"));
    Matcher port = ACTUATOR.matcher(dockerfile);
    assertThat(port.find()).isTrue();
    assertThat(dockerfile).contains("/dev/tcp/127.0.0.1/$MANAGEMENT_SERVER_PORT");
    assertThat(Files.readString(ROOT.resolve("ops/prometheus/prometheus.yml")))
        .contains("port: " + port.group(1));
    assertThat(
            Files.readString(
                ROOT.resolve("stage-runtime/src/main/resources/stage-secured.properties")))
        .contains("management.server.port=" + port.group(1));
    for (JsonNode service : services()) {
      for (JsonNode published : service.path("ports")) {
        assertThat(published.asString()).doesNotEndWith(":" + port.group(1));
      }
    }
  }

  @Test
  void secretsAreAskedForAndNotGiven() throws IOException {
    List<String> asked =
        SECRET
            .matcher(Files.readString(ROOT.resolve("docker-compose.yml")))
            .results()
            .map(found -> found.group(1))
            .distinct()
            .toList();
    List<String> example =
        Files.readAllLines(ROOT.resolve(".env.example")).stream()
            .filter(line -> !line.startsWith("#"))
            .toList();
    assertThat(example).allMatch(line -> line.endsWith("="));
    assertThat(new TreeSet<>(asked))
        .isEqualTo(new TreeSet<>(example.stream().map(line -> line.replace("=", "")).toList()));
  }

  private static JsonNode services() throws IOException {
    return YAMLMapper.builder()
        .build()
        .readTree(Files.readString(ROOT.resolve("docker-compose.yml")))
        .path("services");
  }
}
