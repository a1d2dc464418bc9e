package dev.mlhandoff.e2e.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlhandoff.card.lineage.RunEvents;
import dev.mlhandoff.card.lineage.RunEvents.StageRun;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.StageIds;
import io.openlineage.client.OpenLineageClientUtils;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** An event and each of its facets are held against the schema that they name themselves. */
class PublishedSchemasTest {

  private static final String EVENT =
      """
      {"$id": "https://openlineage.io/spec/2-0-2/OpenLineage.json",
       "$defs": {
         "RunEvent": {"type": "object", "required": ["run", "job", "eventTime"],
           "properties": {"eventTime": {"type": "string", "format": "date-time"},
                          "run": {"properties": {"facets": {"anyOf": [
                            {"additionalProperties": {"$ref": "#/$defs/RunFacet"}},
                            {"$ref": "facets/ParentRunFacet.json"}]}}}}},
         "RunFacet": {"type": "object", "required": ["_producer", "_schemaURL"]}}}
      """;
  private static final String FACET =
      """
      {"$id": "https://openlineage.io/spec/facets/%s/%s.json",
       "$defs": {"%s": {"allOf": [{"$ref": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunFacet"},
                                  {"type": "object", "required": %s,
                                   "properties": {"run": {"properties": {"runId": {"format": "uuid"}}}}}]}}}
      """;

  @TempDir private Path folder;

  @BeforeEach
  void write() throws Exception {
    put("2-0-2/OpenLineage.json", EVENT);
    facet("1-2-0", "ParentRunFacet", "[\"run\", \"job\"]");
    facet("1-0-1", "ErrorMessageRunFacet", "[\"message\"]");
    facet("2-0-4", "JobTypeJobFacet", "[\"integration\"]");
  }

  @Test
  void whatIsBrokenIsNamed() {
    PublishedSchemas schemas = PublishedSchemas.in(folder);
    assertThat(schemas.violations(failed())).isEmpty();

    JsonNode withoutTime = failed();
    ((ObjectNode) withoutTime).put("eventTime", "yesterday");
    assertThat(schemas.violations(withoutTime)).singleElement().asString().contains("eventTime");

    JsonNode brokenParent = failed();
    ((ObjectNode) brokenParent.at("/run/facets/parent/run")).put("runId", "run-1");
    assertThat(schemas.violations(brokenParent))
        .singleElement()
        .asString()
        .startsWith("facet parent: ")
        .contains("uuid");

    JsonNode brokenJob = failed();
    ((ObjectNode) brokenJob.at("/job/facets/jobType")).remove("integration");
    assertThat(schemas.violations(brokenJob))
        .singleElement()
        .asString()
        .startsWith("facet jobType: ");

    JsonNode nameless = failed();
    ((ObjectNode) nameless.at("/run/facets/errorMessage")).remove("_schemaURL");
    assertThat(schemas.violations(nameless)).anyMatch(error -> error.contains("_schemaURL"));
  }

  @Test
  void aSchemaThatIsNotPublishedIsNoSchema() {
    JsonNode event = failed();
    ((ObjectNode) event.at("/run/facets/parent"))
        .put(
            "_schemaURL",
            "https://openlineage.io/spec/facets/9-0-0/ParentRunFacet.json#/$defs/ParentRunFacet");
    assertThatThrownBy(() -> PublishedSchemas.in(folder).violations(event))
        .hasStackTraceContaining("facets/9-0-0");
  }

  private static JsonNode failed() {
    var event =
        new RunEvents("here")
            .stageFailed(
                new StageRun("run-1", StageIds.TRAINING, 1),
                Instant.parse("2026-11-24T10:00:00Z"),
                "INTERNAL: a defect");
    return Json.tree(OpenLineageClientUtils.toJson(event).getBytes(UTF_8));
  }

  private void facet(String version, String name, String required) throws Exception {
    put(
        "facets/%s/%s.json".formatted(version, name),
        FACET.formatted(version, name, name, required));
  }

  private void put(String path, String content) throws Exception {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }
}
