package dev.mlhandoff.card;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.mlhandoff.card.lineage.RunEvents;
import dev.mlhandoff.card.lineage.RunEvents.StageRun;
import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.MessageSchema;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.runtime.Digests;
import dev.mlhandoff.runtime.FileArtifactStore;
import dev.mlhandoff.runtime.TransientException;
import io.openlineage.client.OpenLineage.RunEvent;
import io.openlineage.client.OpenLineageClientUtils;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class LineageTest {

  private static final Instant AT = Instant.parse("2026-11-24T10:00:00Z");
  private static final StageRun STAGE = new StageRun("run-1", StageIds.FEATURE_ENGINEERING, 1);
  private static final String FEATURES =
      """
      [{"name": "spend_30", "description": "money in the last 30 days", "sources": ["events.amount"],
        "expression": "coalesce(sum(e.amount) FILTER (WHERE date_diff('day', e.event_time, DATE '2026-01-01') <= 30), 0)"},
       {"name": "tariff", "description": "as recorded", "sources": ["entities.plan"],
        "expression": "d.plan"},
       {"name": "their_spend", "description": "imported", "sources": ["other/history@1.0.0.spend"],
        "expression": "sum(e.amount)"}]
      """;

  @TempDir private Path folder;
  private FileArtifactStore store = new FileArtifactStore(Path.of(""));
  private Deliverable delivered =
      Deliverable.of(StageIds.FEATURE_ENGINEERING, "FAR", 1, "", Map.of(), Map.of());

  @BeforeEach
  void deliver() throws Exception {
    store = new FileArtifactStore(folder.resolve("store"));
    Path table = folder.resolve("features.parquet");
    try (DuckDb database = DuckDb.open(folder)) {
      database.writeParquet(
          "SELECT * FROM (VALUES ('a', 1.5, 'basic'), ('b', NULL, 'basic'), ('c', 4.0, NULL))"
              + " t(entity_key, spend_30, tariff)",
          table);
    }
    delivered =
        Deliverable.of(
            StageIds.FEATURE_ENGINEERING,
            "FAR",
            1,
            "",
            Map.of(
                "features",
                    put("features", Files.readAllBytes(table), "application/vnd.apache.parquet"),
                "feature-set", put("feature-set", FEATURES.getBytes(UTF_8), "application/json")),
            Map.of());
  }

  /** By hand: which columns the three definitions read, and which of them only select rows. */
  @Test
  void columnsOfAFeatureAreThoseThatItsDefinitionReads() throws Exception {
    JsonNode fields = features().at("/facets/columnLineage/fields");

    assertThat(sources(fields.path("spend_30")))
        .containsExactly("churn/events.amount DIRECT", "churn/events.event_time INDIRECT");
    assertThat(sources(fields.path("tariff"))).containsExactly("churn/dataset.plan DIRECT");
    assertThat(sources(fields.path("their_spend")))
        .containsExactly("view/other/history@1.0.0.spend DIRECT");
    assertThat(event().path("inputs"))
        .extracting(input -> input.path("name").asString())
        .containsExactly("churn/dataset", "churn/events", "view/other/history@1.0.0");
  }

  @Test
  void aTableHasSchemaStatisticsAndTheQualityOfItsColumns() throws Exception {
    JsonNode features = features();

    assertThat(features.at("/facets/schema/fields/1/name").asString()).isEqualTo("spend_30");
    assertThat(features.at("/outputFacets/outputStatistics/rowCount").asInt()).isEqualTo(3);
    assertThat(features.at("/outputFacets/outputStatistics/size").asLong())
        .isEqualTo(delivered.artifact("features").bytes());
    JsonNode spend = features.at("/facets/dataQualityMetrics/columnMetrics/spend_30");
    assertThat(spend.path("nullCount").asInt()).isEqualTo(1);
    assertThat(spend.path("min").asDouble()).isEqualTo(1.5);
    assertThat(spend.path("max").asDouble()).isEqualTo(4.0);
    assertThat(features.at("/facets/version/datasetVersion").asString())
        .isEqualTo(delivered.artifact("features").sha256());
  }

  @Test
  void stagesAreRunsBelowTheProjects() throws Exception {
    RunEvents events = new RunEvents("here");
    JsonNode project = json(events.projectStarted("run-1", AT));
    JsonNode failed = json(events.stageFailed(STAGE, AT, "INTERNAL: a defect"));

    assertThat(event().at("/run/facets/parent/run/runId")).isEqualTo(project.at("/run/runId"));
    assertThat(failed.at("/run/runId")).isEqualTo(event().at("/run/runId"));
    assertThat(failed.at("/run/facets/errorMessage/message").asString())
        .isEqualTo("INTERNAL: a defect");
    assertThat(json(events.projectEnded("run-1", AT, null)).path("eventType").asString())
        .isEqualTo("COMPLETE");
    assertThat(json(events.projectEnded("run-2", AT, "x")).at("/run/runId"))
        .isNotEqualTo(project.at("/run/runId"));
  }

  /** The library's types are made from the published schemas; nothing of an event is foreign. */
  @Test
  void everythingInAnEventIsPartOfTheFormat() throws Exception {
    String written = OpenLineageClientUtils.toJson(completed());

    RunEvent read = OpenLineageClientUtils.runEventFromJson(written);

    assertThat(Json.tree(OpenLineageClientUtils.toJson(read).getBytes(UTF_8)))
        .isEqualTo(Json.tree(written.getBytes(UTF_8)));
    assertThat(MessageSchema.of("lineage-event").violations(event())).isEmpty();
  }

  @Test
  void aBackendThatRefusesIsTriedAgain() throws Exception {
    List<String> posted = new ArrayList<>();
    int[] status = {500};
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/api/v1/lineage",
        exchange -> {
          posted.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          exchange.sendResponseHeaders(status[0], -1);
          exchange.close();
        });
    server.start();
    try {
      LineageTransport transport =
          LineageConfiguration.backend(
              URI.create("http://localhost:" + server.getAddress().getPort()), null);
      assertThatThrownBy(() -> transport.send("run-1", completed()))
          .isInstanceOf(TransientException.class);
      status[0] = 201;
      transport.send("run-1", completed());
      assertThat(Json.tree(posted.get(posted.size() - 1).getBytes(UTF_8))).isEqualTo(event());
    } finally {
      server.stop(0);
    }
  }

  private RunEvent completed() throws Exception {
    return new RunEvents("here")
        .stageCompleted(STAGE, AT, new StageTables(store, "churn", delivered).read());
  }

  private JsonNode event() throws Exception {
    return json(completed());
  }

  private JsonNode features() throws Exception {
    for (JsonNode output : event().path("outputs")) {
      if (output.path("name").asString("").equals("churn/features")) {
        return output;
      }
    }
    throw new AssertionError("no features");
  }

  private static List<String> sources(JsonNode field) {
    List<String> sources = new ArrayList<>();
    for (JsonNode input : field.path("inputFields")) {
      sources.add(
          "%s.%s %s"
              .formatted(
                  input.path("name").asString(),
                  input.path("field").asString(),
                  input.at("/transformations/0/type").asString()));
    }
    return sources;
  }

  private static JsonNode json(RunEvent event) {
    return Json.tree(OpenLineageClientUtils.toJson(event).getBytes(UTF_8));
  }

  private ArtifactRef put(String key, byte[] content, String mediaType) throws Exception {
    store.put(key, Files.write(folder.resolve("artifact.tmp"), content), mediaType);
    return new ArtifactRef(store.uri(key), Digests.sha256(content), content.length, mediaType);
  }
}
