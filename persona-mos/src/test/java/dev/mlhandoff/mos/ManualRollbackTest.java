package dev.mlhandoff.mos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import dev.mlhandoff.messages.PipelineEvent.Promoted;
import dev.mlhandoff.messages.PipelineEvent.Rejected;
import dev.mlhandoff.messages.PipelineEvent.RolledBack;
import dev.mlhandoff.messages.RouteTable.Role;
import dev.mlhandoff.messages.RouteTable.Route;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.mos.rollout.Position;
import dev.mlhandoff.mos.rollout.Position.State;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManualRollbackTest {

  private static final int ROWS = 10;

  @TempDir Path folder;

  @Test
  void goesBackToTheVersionBeforeAndEndsARolloutThatIsUnderWay() throws Exception {
    try (FakeInference inference = new FakeInference();
        MosHarness mos = MosHarness.start(inference, folder)) {
      Deployments deployments = mos.bean(Deployments.class);
      assertThat(rollBack(mos, "none").statusCode()).isEqualTo(404);
      promoted(deployments, mos.handoff("manual", "1.0.0", ROWS));
      HttpResponse<String> refused = rollBack(mos, "manual");
      assertThat(refused.statusCode()).isEqualTo(409);
      assertThat(refused.body()).contains("NOTHING_TO_ROLL_BACK_TO");
      StageHandoff second = mos.handoff("manual", "2.0.0", ROWS);
      promoted(deployments, second);

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
                      .isEqualTo("shadow: by hand, ops: too many complaints"));
    }
  }

  private static void promoted(Deployments deployments, StageHandoff handoff) {
    deployments.stage(handoff);
    Deployment staged = deployments.find(handoff.modelId(), State.STAGED).orElseThrow();
    assertThat(deployments.move(staged, Position.at(State.PRODUCTION), "set up")).isTrue();
  }

  private static HttpResponse<String> rollBack(MosHarness mos, String model) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(mos.url() + "/models/" + model + "/rollback"))
                .header("Content-Type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"by\":\"ops\",\"reason\":\"too many complaints\"}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
