package dev.mlhandoff.e2e.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.mlhandoff.cli.Backends;
import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.ParquetTable;
import dev.mlhandoff.messages.Alert;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.FeatureView;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.StageCompleted;
import dev.mlhandoff.messages.ProjectOutcome;
import dev.mlhandoff.messages.ProjectOutcome.Rejection;
import dev.mlhandoff.messages.ProjectOutcome.Status;
import dev.mlhandoff.messages.RequestSource;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.S3ArtifactStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** One project reads three features of another, and may not where the catalog does not say so. */
class FederationFlowTest {

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final String SOURCE =
      """
      {"name": "Federation source", "dataset": "good", "target": "churned", "deadline": "Sprint 44",
       "requirements": {"latencyTargetMs": 10000}, "rollout": {"steps": [100]}}
      """;
  private static final String IMPORTING =
      """
      {"name": "%s", "dataset": "%s", "target": "left", "deadline": "Sprint 44",
       "requirements": {"latencyTargetMs": 10000}, "rollout": {"steps": [100]},
       "federatedFeatures": [{"project": "federation-source", "view": "%s",
                              "features": ["income", "plan", "age"], "as": "shop"}]}
      """;

  private final FlowSystem system = FlowSystem.get();

  @TempDir Path folder;

  @Test
  void aProjectReadsFeaturesOfAnotherOnlyAsFarAsTheCatalogAllows() throws Exception {
    try (Requests requests = new Requests(system.backends().broker())) {
      publish(requests, SOURCE);
      await().atMost(PATIENCE).until(() -> views().size() == 1);
      FeatureView view = Json.convert(views().get(0), FeatureView.class);
      assertThat(view.key()).isEqualTo("federation-source/attributes/1.0.0");
      assertThat(view.owner()).isEqualTo("marketing");
      assertThat(view.feature("income").orElseThrow().sources())
          .extracting(FeatureView.SourceColumn::source, FeatureView.SourceColumn::column)
          .containsExactly(tuple("file good.csv", "income"));

      RequestSource granted =
          publish(requests, IMPORTING.formatted("Federation user", "bank", "attributes"));
      RequestSource forbidden =
          publish(
              requests,
              IMPORTING.formatted("Federation stranger", "bank_without_grant", "attributes"));
      RequestSource unknown =
          publish(requests, IMPORTING.formatted("Federation mistake", "bank", "nothing"));
      Map<RequestSource, List<ProjectOutcome>> outcomes =
          requests.await(List.of(granted, forbidden, unknown), PATIENCE);

      assertThat(rejection(outcomes, forbidden).code()).isEqualTo("FEATURE_VIEW_FORBIDDEN");
      assertThat(rejection(outcomes, forbidden).stage()).isEqualTo(StageIds.DATA_PIPELINE);
      assertThat(rejection(outcomes, unknown).code()).isEqualTo("UNKNOWN_FEATURE_VIEW");
      ProjectOutcome outcome = only(outcomes, granted);
      assertThat(outcome.status()).as("%s", outcome).isEqualTo(Status.COMPLETED);
      Deliverable features = deliverable(requests, outcome, StageIds.FEATURE_ENGINEERING);
      assertReport(features);
      assertLineage(requests, outcome, features);
      assertServed(outcome, features);
      Command.verify(outcome.runId(), system, folder);
      assertChangeIsReported(requests);
    }
  }

  private static void assertReport(Deliverable features) {
    assertThat(features.metrics()).containsEntry("imported", 3.0);
    assertThat(features.metrics()).containsEntry("matched_share", 0.6);
    assertThat(features.summary())
        .contains("Imported 3 features of the project federation-source")
        .contains("180 of 300 entities (60.0 %) are matched")
        .contains("120 below the threshold");
  }

  private void assertLineage(Requests requests, ProjectOutcome outcome, Deliverable features)
      throws Exception {
    Deliverable data = deliverable(requests, outcome, StageIds.DATA_PIPELINE);
    String origin = "federation-source/attributes@1.0.0.income";
    assertThat(store().read(data.artifact("lineage")))
        .asString(UTF_8)
        .contains(origin)
        .contains("good, file good.csv");
    JsonNode definition = null;
    for (JsonNode each : Json.tree(store().read(features.artifact("feature-set")))) {
      definition = each.path("name").asString().equals("shop_income") ? each : definition;
    }
    assertThat(Objects.requireNonNull(definition).path("sources").get(0).asString())
        .isEqualTo(origin);
    String card = Http.get(system.services().cards() + "/cards/" + outcome.runId());
    assertThat(card).contains("Imported 3 features of the project federation-source");
    // The imported features tell more than the balance, so the model that was selected has them.
    Deliverable training = deliverable(requests, outcome, StageIds.TRAINING);
    assertThat(store().read(training.artifact("experiment-report")))
        .asString(UTF_8)
        .contains("shop_income");
    // What was imported is not passed on.
    assertThat(Http.get(system.services().features() + "/features/views"))
        .contains("federation-user/attributes")
        .doesNotContain("shop_income");
  }

  /** By key, partner's row and own row give what a record of the training data gives. */
  private void assertServed(ProjectOutcome outcome, Deliverable features) throws Exception {
    Path file = folder.resolve("features.parquet");
    store().fetch(features.artifact("features"), file);
    ParquetTable table = ParquetTable.read(file);
    List<@Nullable String> keys = Arrays.asList(table.texts("entity_key"));
    for (String entity : List.of("B0", "B7", "B3", "B299")) {
      int row = keys.indexOf(entity);
      Map<String, @Nullable Object> record = new LinkedHashMap<>();
      for (ColumnInfo column : table.columns()) {
        if (List.of("entity_key", "label", "holdout", "fold").contains(column.name())) {
          continue;
        }
        double number = column.isNumeric() ? table.numbers(column.name())[row] : 0;
        record.put(
            column.name(),
            column.isNumeric()
                ? (Double.isNaN(number) ? null : number)
                : table.texts(column.name())[row]);
      }
      boolean matched = Integer.parseInt(entity.substring(1)) % 5 < 3;
      assertThat(record.get("shop_income") != null).as(entity).isEqualTo(matched);
      assertThat(probability(Map.of("model", outcome.modelId(), "entities", List.of(entity))))
          .as(entity)
          .isEqualTo(probability(Map.of("model", outcome.modelId(), "records", List.of(record))));
    }
  }

  private void assertChangeIsReported(Requests requests) throws Exception {
    publish(requests, SOURCE);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(requests.all(Topics.ALERTS.name()))
                    .map(record -> Json.read(record.value(), Alert.class))
                    .filteredOn(alert -> alert.kind() == Alert.Kind.FEATURE_VIEW)
                    .singleElement()
                    .satisfies(
                        alert -> {
                          assertThat(alert.modelId()).isEqualTo("federation-user");
                          assertThat(alert.version()).isEqualTo("1.0.0");
                          assertThat(alert.subject()).isEqualTo("federation-source/attributes");
                          assertThat(alert.message()).contains("there is a version 2.0.0 now");
                        }));
  }

  private double probability(Map<String, ?> question) throws Exception {
    String answer =
        Http.post(
            system.services().predictions() + "/predict", new String(Json.write(question), UTF_8));
    return Json.tree(answer.getBytes(UTF_8))
        .path("predictions")
        .get(0)
        .path("probability")
        .asDouble();
  }

  /** The versions of the source's view. */
  private JsonNode views() throws Exception {
    JsonNode all =
        Json.tree(Http.get(system.services().features() + "/features/views").getBytes(UTF_8));
    var own = Json.mapper().createArrayNode();
    all.forEach(
        view -> {
          if (view.path("project").asString().equals("federation-source")) {
            own.add(view);
          }
        });
    return own;
  }

  private static Deliverable deliverable(Requests requests, ProjectOutcome outcome, String stage) {
    return requests.all(Topics.PIPELINE_EVENTS.name()).stream()
        .map(record -> Json.read(record.value(), PipelineEvent.class))
        .filter(StageCompleted.class::isInstance)
        .map(StageCompleted.class::cast)
        .filter(event -> event.runId().equals(outcome.runId()))
        .map(StageCompleted::deliverable)
        .filter(deliverable -> deliverable.stage().equals(stage))
        .reduce((first, last) -> last)
        .orElseThrow();
  }

  private S3ArtifactStore store() {
    Backends backends = system.backends();
    return new S3ArtifactStore(
        "handoff", backends.objectStore(), "us-east-1", backends.accessKey(), backends.secretKey());
  }

  private static Rejection rejection(
      Map<RequestSource, List<ProjectOutcome>> outcomes, RequestSource request) {
    return Objects.requireNonNull(only(outcomes, request).rejection());
  }

  private static ProjectOutcome only(
      Map<RequestSource, List<ProjectOutcome>> outcomes, RequestSource request) {
    List<ProjectOutcome> found = outcomes.getOrDefault(request, List.of());
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private static RequestSource publish(Requests requests, String request) throws Exception {
    return requests.publish(null, request.getBytes(UTF_8), List.of());
  }
}
