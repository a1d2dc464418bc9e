package dev.mlhandoff.messages;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Holds v1 compatible: the golden samples are what has been written once, and must be read, and
 * written again byte for byte, for as long as there is a v1. Never change a sample; add one.
 */
class GoldenSamplesTest {

  private static final Map<String, Class<?>> TYPES =
      Map.ofEntries(
          entry("alert", Alert.class),
          entry("approval", Approval.class),
          entry("artifact-ref", ArtifactRef.class),
          entry("batch-order", BatchOrder.class),
          entry("deliverable", Deliverable.class),
          entry("feature-view", FeatureView.class),
          entry("lineage-event", LineageEvent.class),
          entry("model-card", ModelCard.class),
          entry("monitoring-window", MonitoringWindow.class),
          entry("pipeline-event", PipelineEvent.class),
          entry("prediction-label", PredictionLabel.class),
          entry("prediction-log", PredictionLog.class),
          entry("project-outcome", ProjectOutcome.class),
          entry("project-request", ProjectRequest.class),
          entry("route-table", RouteTable.class),
          entry("stage-handoff", StageHandoff.class),
          entry("trial", Trial.class),
          entry("trial-result", TrialResult.class));

  static Stream<String> samples() throws IOException {
    try (Stream<Path> files = Files.list(directory())) {
      return files
          .map(file -> String.valueOf(file.getFileName()).replace(".json", ""))
          .sorted()
          .toList()
          .stream();
    }
  }

  static Stream<String> messages() {
    return new TreeSet<>(TYPES.keySet()).stream();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void sampleFitsItsSchema(String sample) throws IOException {
    assertThat(schema(sample).violations(Json.tree(bytes(sample)))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void sampleIsReadAndWrittenAgainByteForByte(String sample) throws IOException {
    byte[] compact = Json.write(Json.tree(bytes(sample)));

    byte[] written = Json.write(Json.read(bytes(sample), type(sample)));

    assertThat(text(written)).isEqualTo(text(compact));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void readersIgnoreAFieldThatALaterVersionAdds(String sample) throws IOException {
    ObjectNode later = (ObjectNode) Json.tree(bytes(sample));
    later.put("addedLater", true);

    assertThat(Json.read(Json.write(later), type(sample)))
        .isEqualTo(Json.read(bytes(sample), type(sample)));
    if (!message(sample).equals("project-request")) {
      assertThat(schema(sample).violations(later)).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everyFieldOfASampleHasADeclaredType(String sample) throws IOException {
    ObjectNode original = (ObjectNode) Json.tree(bytes(sample));
    for (String field : original.propertyNames()) {
      ObjectNode changed = original.deepCopy();
      changed.putArray(field).addArray();

      assertThat(schema(sample).violations(changed)).as(field).isNotEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("messages")
  void everyRequiredFieldIsMissedWhenItIsGone(String message) throws IOException {
    String sample = samples().filter(s -> s.startsWith(message)).findFirst().orElseThrow();
    ObjectNode original = (ObjectNode) Json.tree(bytes(sample));
    JsonNode required = Json.tree(schemaBytes(message)).path("required");
    assertThat(required.size()).isPositive();
    for (JsonNode field : required) {
      ObjectNode changed = original.deepCopy();
      changed.remove(field.asString());

      assertThat(schema(sample).violations(changed))
          .anySatisfy(v -> assertThat(v.message()).contains(field.asString()));
    }
  }

  @ParameterizedTest
  @MethodSource("messages")
  void sharedDefinitionsAreTheSameInEverySchema(String message) throws IOException {
    JsonNode event = Json.tree(schemaBytes("pipeline-event")).path("$defs");
    JsonNode own = Json.tree(schemaBytes(message)).path("$defs");
    for (String name : own.propertyNames()) {
      if (event.has(name)) {
        assertThat(own.get(name)).as(name).isEqualTo(event.get(name));
      }
    }
  }

  @Test
  void everyEventTypeHasASample() throws IOException {
    assertThat(samples())
        .containsAll(
            Arrays.stream(PipelineEvent.class.getPermittedSubclasses())
                .map(type -> "pipeline-event-" + kebab(type.getSimpleName()))
                .toList());
  }

  @Test
  void everyTypeOnATopicHasASchemaAndASample() throws IOException {
    assertThat(TYPES.values())
        .containsAll(Topics.all().stream().<Class<?>>map(Topic::valueType).distinct().toList());
    assertThat(samples().map(GoldenSamplesTest::message).collect(Collectors.toSet()))
        .isEqualTo(TYPES.keySet());
  }

  @Test
  void outcomeWithoutAReasonOrAModelIsInvalid() throws IOException {
    ObjectNode rejected = (ObjectNode) Json.tree(bytes("project-outcome-rejected"));
    rejected.remove("rejection");
    ObjectNode completed = (ObjectNode) Json.tree(bytes("project-outcome-completed"));
    completed.remove("cardKey");

    assertThat(schema("project-outcome").violations(rejected)).isNotEmpty();
    assertThat(schema("project-outcome").violations(completed)).isNotEmpty();
  }

  private static Path directory() {
    URL url = Objects.requireNonNull(GoldenSamplesTest.class.getResource("/contract/v1"));
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] bytes(String sample) throws IOException {
    return Files.readAllBytes(directory().resolve(sample + ".json"));
  }

  private static byte[] schemaBytes(String message) throws IOException {
    String resource = "/schemas/v1/" + message + ".schema.json";
    try (var content = GoldenSamplesTest.class.getResourceAsStream(resource)) {
      return Objects.requireNonNull(content, resource).readAllBytes();
    }
  }

  private static MessageSchema schema(String sample) {
    return MessageSchema.of(message(sample));
  }

  private static Class<?> type(String sample) {
    return Objects.requireNonNull(TYPES.get(message(sample)), sample);
  }

  private static String message(String sample) {
    return TYPES.keySet().stream()
        .filter(sample::startsWith)
        .max(Comparator.comparingInt(String::length))
        .orElseThrow();
  }

  private static String kebab(String name) {
    return name.replaceAll("(?<!^)([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static String text(byte[] content) {
    return new String(content, StandardCharsets.UTF_8);
  }
}
