package dev.mlhandoff.ior;

import static dev.mlhandoff.ior.RunningIor.json;
import static dev.mlhandoff.ior.RunningIor.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.RouteTable;
import dev.mlhandoff.messages.RouteTable.Role;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.MessagePublisher;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** What serves follows the routes, over the real broker, database and artifact store. */
class ServingFlowTest {

  private static @Nullable RunningIor started;

  @BeforeAll
  static void startService() throws Exception {
    started = RunningIor.overPlatform("--handoff.ior.stale-after=1d");
  }

  @AfterAll
  static void stopService() {
    ior().close();
  }

  @Test
  void servesWhatTheRoutesSayAndKeepsServingWhenARouteCannotBeFollowed() throws Exception {
    ArtifactRef bundle = ior().store(Bundles.ofOneNumber());
    ior().publish("churn", 1, route("1.0.0", Role.STAGED, 0, bundle, "digest"));

    HttpResponse<String> early = predict("churn", "{\"x\":1}");
    assertThat(early.statusCode()).isEqualTo(503);
    assertThat(early.body()).contains("NOT_YET_SERVING");
    assertThat(
            ior()
                .post("/models/churn/versions/1.0.0/predict", "{\"records\":[{\"x\":1}]}")
                .statusCode())
        .isEqualTo(200);

    ior().publish("churn", 2, route("1.0.0", Role.PRODUCTION, 100, bundle, "digest"));
    assertThat(predict("churn", "{\"x\":1}").statusCode()).isEqualTo(200);

    ArtifactRef altered = new ArtifactRef(bundle.uri(), "0".repeat(64), 1, "application/zip");
    ior()
        .bean(MessagePublisher.class)
        .sendNow(
            Topics.SERVING_ROUTES,
            "churn",
            new RouteTable(
                "churn", 3, List.of(route("2.0.0", Role.PRODUCTION, 100, altered, "digest"))));
    ior().publish("other", 1, route("1.0.0", Role.STAGED, 0, bundle, "digest"));
    JsonNode predictions = predictions(predict("churn", "{\"x\":1},{\"x\":39}"));
    assertThat(predictions.get(0).get("version").asString()).isEqualTo("1.0.0");
    assertThat(predictions.get(0).get("probability").asDouble())
        .isLessThan(predictions.get(1).get("probability").asDouble());
  }

  @Test
  void entitiesAreLookedUpAndStaleOnesSaidToBeSo() throws Exception {
    ior().serve("keyed", "1.0.0", Bundles.ofOneNumber());
    JdbcTemplate jdbc = ior().bean(JdbcTemplate.class);
    jdbc.update(
        "INSERT INTO far.online_features VALUES ('keyed', 'digest', 'new', '{\"x\": 30}', now()),"
            + " ('keyed', 'digest', 'old', '{\"x\": 30}', now() - interval '25 hours'),"
            + " ('keyed', 'other', 'elsewhere', '{\"x\": 30}', now())");
    JsonNode predictions = predictions(ask("{\"model\":\"keyed\",\"entities\":[\"new\",\"old\"]}"));
    assertThat(predictions.get(0).get("stale").asBoolean()).isFalse();
    assertThat(predictions.get(1).get("stale").asBoolean()).isTrue();
    assertThat(predictions.get(0).get("probability"))
        .isEqualTo(predictions.get(1).get("probability"));
    assertThat(ask("{\"model\":\"keyed\",\"entities\":[\"elsewhere\"]}").body())
        .contains("UNKNOWN_ENTITY");
  }

  @Test
  void anUpdateOfTheRoutesDropsNoRequest() throws Exception {
    ior().serve("swapped", "1.0.0", Bundles.ofOneNumber());
    AtomicBoolean running = new AtomicBoolean(true);
    List<Integer> statuses = Collections.synchronizedList(new ArrayList<>());
    List<Thread> asking = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Thread thread =
          new Thread(
              () -> {
                while (running.get()) {
                  try {
                    statuses.add(predict("swapped", "{\"x\":1}").statusCode());
                  } catch (IOException | InterruptedException e) {
                    statuses.add(-1);
                  }
                }
              });
      thread.start();
      asking.add(thread);
    }
    ArtifactRef bundle = ior().store(Bundles.ofOneNumber());
    for (int i = 2; i < 40; i++) {
      ior().publish("swapped", i, route(i + ".0.0", Role.PRODUCTION, 100, bundle, "digest"));
    }
    running.set(false);
    for (Thread thread : asking) {
      thread.join();
    }
    assertThat(statuses).isNotEmpty().containsOnly(200);
    assertThat(ior().get("/v2/models/swapped/versions/1.0.0/ready").statusCode())
        .as("a version that no route names is forgotten")
        .isEqualTo(404);
  }

  private static HttpResponse<String> predict(String model, String records)
      throws IOException, InterruptedException {
    return ask("{\"model\":\"%s\",\"records\":[%s]}".formatted(model, records));
  }

  private static HttpResponse<String> ask(String question)
      throws IOException, InterruptedException {
    return ior().post("/predict", question);
  }

  private static JsonNode predictions(HttpResponse<String> response) {
    return json(response).get("predictions");
  }

  private static RunningIor ior() {
    return java.util.Objects.requireNonNull(started);
  }
}
