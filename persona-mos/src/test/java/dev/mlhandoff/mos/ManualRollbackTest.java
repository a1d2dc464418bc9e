package dev.mlhandoff.mos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import dev.mlhandoff.messages.BatchManifest;
import dev.mlhandoff.messages.BatchOrder;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PipelineEvent.Promoted;
import dev.mlhandoff.messages.PipelineEvent.Rejected;
import dev.mlhandoff.messages.PipelineEvent.RolledBack;
import dev.mlhandoff.messages.RouteTable.Role;
import dev.mlhandoff.messages.RouteTable.Route;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.mos.rollout.Position;
import dev.mlhandoff.mos.rollout.Position.State;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.Digests;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManualRollbackTest {

  private static final int ROWS = 10;
  private static final String TOKEN = "token-of-olga";

  @TempDir Path folder;

  @Test
  void goesBackToTheVersionBeforeAndEndsARolloutThatIsUnderWay() throws Exception {
    try (FakeInference inference = new FakeInference();
        MosHarness mos =
            MosHarness.start(
                inference,
                folder,
                "--handoff.mos.batch-cron=* * * * * *",
                "--handoff.mos.retrain.interval=1s",
                "--handoff.access.tokens[0].name=Olga",
                "--handoff.access.tokens[0].sha256=" + Digests.sha256(TOKEN.getBytes(UTF_8)),
                "--handoff.access.tokens[0].roles=requester,approver",
                "--handoff.access.tokens[1].name=Rita",
                "--handoff.access.tokens[1].sha256=" + Digests.sha256("rita".getBytes(UTF_8)),
                "--handoff.access.tokens[1].roles=requester")) {
      Deployments deployments = mos.bean(Deployments.class);
      assertThat(post(mos, "/models/none/rollback", "nobody").statusCode()).isEqualTo(401);
      assertThat(post(mos, "/models/none/rollback", "rita").statusCode()).isEqualTo(403);
      assertThat(post(mos, "/models/none/ab-tests", "rita").statusCode()).isEqualTo(403);
      assertThat(post(mos, "/models/none/retrain", "rita").statusCode()).isEqualTo(404);
      assertThat(rollBack(mos, "none").statusCode()).isEqualTo(404);
      promoted(deployments, mos.handoff("manual", "1.0.0", ROWS));
      HttpResponse<String> refused = rollBack(mos, "manual");
      assertThat(refused.statusCode()).isEqualTo(409);
      assertThat(refused.body()).contains("NOTHING_TO_ROLL_BACK_TO");
      assertBatchesAreOrdered(mos);
      StageHandoff second = mos.handoff("manual", "2.0.0", ROWS);
      promoted(deployments, second);
      mos.bean(RetrainOrders.class).order("manual/1", "manual", null, "by hand", new TreeMap<>());
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> retrain(mos).note().contains("entities have outcomes"));

      HttpResponse<String> done = rollBack(mos, "manual");

      assertThat(done.statusCode()).isEqualTo(200);
      assertThat(done.body()).contains("\"rolledBack\":\"2.0.0\"", "\"serving\":\"1.0.0\"");
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> mos.events(second).stream().anyMatch(RolledBack.class::isInstance));
      assertThat(mos.events(second))
          .as("the run ended with its promotion; a rollback gives it no second outcome")
          .noneMatch(Rejected.class::isInstance)
          .filteredOn(Promoted.class::isInstance)
          .hasSize(1);
      assertThat(mos.route("manual").orElseThrow().routes())
          .extracting(Route::version, Route::role, Route::weight)
          .containsExactly(tuple("1.0.0", Role.PRODUCTION, 100));
      assertThat(deployments.transitions("manual"))
          .extracting(Transition::from, Transition::to)
          .endsWith(tuple("production", "rolled back"), tuple("superseded", "production"));

      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () ->
                  assertThat(retrain(mos))
                      .as("its version does not serve any more")
                      .extracting(Retrain::state, Retrain::code)
                      .containsExactly(Retrain.State.EXPIRED, "VERSION_REPLACED"));

      // Nobody serves the third one, so it waits in the shadow until it is taken out.
      StageHandoff third = mos.handoff("manual", "3.0.0", ROWS);
      mos.publish(third);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> deployments.find("manual", State.SHADOW).isPresent());
      assertThat(rollBack(mos, "manual").body()).contains("\"rolledBack\":\"3.0.0\"");
      assertThat(mos.awaitEnd(third))
          .filteredOn(Rejected.class::isInstance)
          .singleElement()
          .satisfies(
              event ->
                  assertThat(((Rejected) event).message())
                      .isEqualTo("shadow: by hand, Olga: too many complaints"));
    }
  }

  private static Retrain retrain(MosHarness mos) {
    return mos.bean(Retrains.class).of("manual").get(0);
  }

  private static void promoted(Deployments deployments, StageHandoff handoff) {
    deployments.stage(handoff);
    Deployment staged = deployments.find(handoff.modelId(), State.STAGED).orElseThrow();
    assertThat(deployments.move(staged, Position.at(State.PRODUCTION), "set up")).isTrue();
  }

  /** By hand and by the schedule, for the version in production; what is complete is listed. */
  private static void assertBatchesAreOrdered(MosHarness mos) throws Exception {
    Route serving = mos.bean(Deployments.class).route("manual").orElseThrow().routes().get(0);
    HttpResponse<String> answer = post(mos, "/models/manual/batches");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                orders(mos).stream()
                    .map(BatchOrder::by)
                    .collect(Collectors.toSet())
                    .equals(Set.of("Olga", "schedule")));
    assertThat(orders(mos))
        .allSatisfy(
            order -> {
              assertThat(order.version()).isEqualTo("1.0.0");
              assertThat(order.runId()).isEqualTo(serving.runId());
              assertThat(order.bundle()).isEqualTo(serving.bundle());
              assertThat(order.featureDigest()).isEqualTo(serving.featureDigest());
            });
    assertThat(post(mos, "/models/none/batches").statusCode()).isEqualTo(404);

    ArtifactStore artifacts = mos.bean(ArtifactStore.class);
    for (int day = 1; day <= 2; day++) {
      BatchOrder order = order(serving, LocalDate.of(2026, 1, day));
      artifacts.putIfAbsent(order.folder() + "parts/00000.json", new byte[] {1}, "none");
      artifacts.putIfAbsent(
          order.folder() + BatchManifest.FILE, Json.write(manifest(order)), "application/json");
    }
    HttpResponse<String> listed =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(mos.url() + "/models/manual/batches")).build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(Json.tree(listed.body().getBytes(UTF_8)))
        .extracting(batch -> batch.path("date").asString())
        .containsExactly("2026-01-02", "2026-01-01");
  }

  private static List<BatchOrder> orders(MosHarness mos) {
    return mos.read(Topics.BATCH_ORDERS).stream()
        .filter(order -> order.modelId().equals("manual"))
        .toList();
  }

  private static BatchOrder order(Route serving, LocalDate date) {
    return new BatchOrder(
        "manual",
        serving.version(),
        serving.runId(),
        date,
        serving.bundle(),
        serving.featureDigest(),
        "ops",
        Instant.EPOCH);
  }

  private static BatchManifest manifest(BatchOrder order) {
    return new BatchManifest(
        order.modelId(),
        order.version(),
        order.runId(),
        order.date(),
        order.bundle(),
        order.featureDigest(),
        order.featureDigest(),
        0.5,
        0,
        0,
        0,
        "0".repeat(64),
        List.of());
  }

  private static HttpResponse<String> rollBack(MosHarness mos, String model) throws Exception {
    return post(mos, "/models/" + model + "/rollback");
  }

  private static HttpResponse<String> post(MosHarness mos, String path) throws Exception {
    return post(mos, path, TOKEN);
  }

  private static HttpResponse<String> post(MosHarness mos, String path, String token)
      throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(mos.url() + path))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"by\":\"ops\",\"reason\":\"too many complaints\"}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
