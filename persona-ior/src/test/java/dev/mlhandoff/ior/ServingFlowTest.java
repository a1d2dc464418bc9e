package dev.mlhandoff.ior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.RouteTable;
import dev.mlhandoff.messages.RouteTable.Role;
import dev.mlhandoff.messages.RouteTable.Route;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.ml.bundle.Calibrator;
import dev.mlhandoff.ml.bundle.ModelBundle;
import dev.mlhandoff.ml.model.ModelFamilies;
import dev.mlhandoff.ml.model.ModelFamily;
import dev.mlhandoff.ml.pipeline.FeaturePipeline;
import dev.mlhandoff.ml.pipeline.PipelineFitter;
import dev.mlhandoff.ml.table.RawTable;
import dev.mlhandoff.platform.EmbeddedObjectStore;
import dev.mlhandoff.platform.EmbeddedPlatform;
import dev.mlhandoff.platform.SharedPlatform;
import dev.mlhandoff.platform.TopicPlan;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.Digests;
import dev.mlhandoff.runtime.MessagePublisher;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

class ServingFlowTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir static Path folder;
  private static ConfigurableApplicationContext service =
      new org.springframework.context.support.GenericApplicationContext();

  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeAll
  static void startService() throws Exception {
    EmbeddedPlatform platform = SharedPlatform.get();
    platform
        .broker()
        .createTopics(
            Topics.all().stream().map(t -> new TopicPlan(t.name(), 1, t.configuration())).toList());
    service =
        new SpringApplicationBuilder(IorApplication.class)
            .run(
                "--spring.config.name=persona-ior",
                "--server.port=0",
                "--spring.kafka.bootstrap-servers=" + platform.broker().bootstrapServers(),
                "--spring.datasource.url=" + platform.database().jdbcUrl(),
                "--handoff.artifacts.endpoint=" + platform.objectStore().endpoint(),
                "--handoff.artifacts.access-key=" + EmbeddedObjectStore.ACCESS_KEY,
                "--handoff.artifacts.secret-key=" + EmbeddedObjectStore.SECRET_KEY,
                "--handoff.work-directory=" + folder);
  }

  @AfterAll
  static void stopService() {
    service.close();
  }

  @Test
  void servesWhatTheRoutesSayAndKeepsServingWhenARouteCannotBeFollowed() throws Exception {
    await().atMost(PATIENCE).until(() -> get("/actuator/health/readiness").statusCode() == 200);
    Route staged = new Route("1.0.0", "run-1", Role.STAGED, 0, bundle(), "digest");
    publish(new RouteTable("churn", 1, List.of(staged)));
    await().atMost(PATIENCE).until(() -> get("/models").body().contains("churn"));

    HttpResponse<String> early = post("/predict", "{\"records\":[{\"x\":1}]}");
    assertThat(early.statusCode()).isEqualTo(503);
    assertThat(early.body()).contains("NOT_YET_SERVING");
    assertThat(early.headers().firstValue("Retry-After")).isPresent();
    assertThat(
            post("/models/churn/versions/1.0.0/predict", "{\"records\":[{\"x\":1}]}").statusCode())
        .isEqualTo(200);

    publish(
        new RouteTable(
            "churn",
            2,
            List.of(new Route("1.0.0", "run-1", Role.PRODUCTION, 100, staged.bundle(), "digest"))));
    await()
        .atMost(PATIENCE)
        .until(() -> post("/predict", "{\"records\":[{\"x\":1}]}").statusCode() == 200);

    ArtifactRef altered =
        new ArtifactRef(staged.bundle().uri(), "0".repeat(64), 1, "application/zip");
    publish(
        new RouteTable(
            "churn", 3, List.of(new Route("2.0.0", "run-2", Role.PRODUCTION, 100, altered, "d"))));
    publish(new RouteTable("other", 1, List.of(staged)));
    await().atMost(PATIENCE).until(() -> get("/models").body().contains("other"));
    HttpResponse<String> answer =
        post("/predict", "{\"model\":\"churn\",\"records\":[{\"x\":1},{\"x\":40}]}");
    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode predictions =
        Json.tree(answer.body().getBytes(java.nio.charset.StandardCharsets.UTF_8))
            .get("predictions");
    assertThat(predictions.get(0).get("version").asString()).isEqualTo("1.0.0");
    assertThat(predictions.get(0).get("probability").asDouble())
        .isLessThan(predictions.get(1).get("probability").asDouble());

    HttpResponse<String> refused =
        post("/predict", "{\"model\":\"churn\",\"records\":[{\"x\":\"a\"},{\"y\":1},null]}");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.headers().firstValue("Content-Type").orElse(""))
        .contains("application/problem+json");
    assertThat(
            Json.tree(refused.body().getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .get("violations"))
        .hasSize(3);
    assertThat(post("/predict", "{\"model\":\"none\",\"records\":[{}]}").statusCode())
        .isEqualTo(404);
    assertThat(post("/predict", "[".repeat(5000)).statusCode()).isEqualTo(400);
  }

  private static ArtifactRef bundle() throws IOException {
    double[] x = new double[80];
    int[] labels = new int[80];
    Arrays.setAll(x, i -> i % 40);
    Arrays.setAll(labels, i -> i % 40 + (i % 3) * 4 > 22 ? 1 : 0);
    RawTable table = RawTable.builder(80).numeric("x", x).build();
    FeaturePipeline pipeline = PipelineFitter.fit(table, labels, 5);
    ModelFamily family = ModelFamilies.named("logistic_regression");
    byte[] content =
        ModelBundle.of(
                new ModelBundle.Description(
                    1,
                    family.name(),
                    family.defaults(),
                    0.5,
                    "digest",
                    new Calibrator(1, 0),
                    pipeline),
                family.train(pipeline.transform(table), labels, family.defaults(), 42))
            .toBytes(table);
    Path file = folder.resolve("model-bundle.zip");
    Files.write(file, content);
    ArtifactStore artifacts = service.getBean(ArtifactStore.class);
    artifacts.put("runs/run-1/bundle.zip", file, "application/zip");
    return new ArtifactRef(
        artifacts.uri("runs/run-1/bundle.zip"),
        Digests.sha256(content),
        content.length,
        "application/zip");
  }

  private static void publish(RouteTable table) {
    service.getBean(MessagePublisher.class).sendNow(Topics.SERVING_ROUTES, table.modelId(), table);
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(address(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(address(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static URI address(String path) {
    return URI.create(
        "http://localhost:"
            + service.getEnvironment().getRequiredProperty("local.server.port")
            + path);
  }
}
