package dev.mlhandoff.e2e.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.MessageSchema;
import dev.mlhandoff.messages.ProjectOutcome;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topics;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/** What the lineage topic tells of a finished run. */
final class ToldLineage {

  private static final List<String> STAGES =
      List.of(
          StageIds.DATA_PIPELINE,
          StageIds.FEATURE_ENGINEERING,
          StageIds.TRAINING,
          StageIds.QUALITY_GATE,
          StageIds.GOVERNANCE,
          StageIds.INFERENCE,
          StageIds.DEPLOYMENT);

  private ToldLineage() {}

  static void check(ProjectOutcome outcome, Requests requests) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> check(outcome, events(outcome, requests)));
  }

  private static void check(ProjectOutcome outcome, List<JsonNode> events) {
    MessageSchema schema = MessageSchema.of("lineage-event");
    assertThat(events).allSatisfy(event -> assertThat(schema.violations(event)).isEmpty());
    PublishedSchemas.configured()
        .ifPresent(
            schemas ->
                assertThat(events)
                    .allSatisfy(event -> assertThat(schemas.violations(event)).isEmpty()));
    JsonNode project = completed(events, "project");
    for (String stage : STAGES) {
      assertThat(completed(events, "project." + stage).at("/run/facets/parent/run/runId"))
          .as(stage)
          .isEqualTo(project.at("/run/runId"));
    }
    String model = outcome.modelId() + "/";
    assertThat(source(output(completed(events, "project.data_pipeline"), model + "dataset")))
        .contains("\"field\":\"income\"", "\"name\":\"source/");
    JsonNode features =
        output(completed(events, "project.feature_engineering"), model + "features");
    assertThat(source(features))
        .contains("\"field\":\"income\"", "\"name\":\"" + model + "dataset\"");
    assertThat(features.at("/outputFacets/outputStatistics/rowCount").asLong()).isPositive();
    assertThat(features.at("/facets/dataQualityMetrics/columnMetrics/income").has("min")).isTrue();
    assertThat(source(output(completed(events, "project.training"), model + "model")))
        .contains("\"field\":\"income\"", "\"name\":\"" + model + "features\"");
  }

  private static List<JsonNode> events(ProjectOutcome outcome, Requests requests) {
    return requests.all(Topics.LINEAGE.name()).stream()
        .filter(record -> new String(record.key(), UTF_8).equals(outcome.runId()))
        .map(record -> Json.tree(record.value()))
        .toList();
  }

  private static JsonNode completed(List<JsonNode> events, String job) {
    List<JsonNode> found =
        events.stream()
            .filter(event -> event.at("/job/name").asString("").equals(job))
            .filter(event -> event.path("eventType").asString("").equals("COMPLETE"))
            .toList();
    assertThat(found).as(job).hasSize(1);
    return found.get(0);
  }

  private static JsonNode output(JsonNode event, String name) {
    for (JsonNode output : event.path("outputs")) {
      if (output.path("name").asString("").equals(name)) {
        return output;
      }
    }
    throw new AssertionError("no " + name);
  }

  private static String source(JsonNode dataset) {
    return dataset.at("/facets/columnLineage/fields/income/inputFields").toString();
  }
}
