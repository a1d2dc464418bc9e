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

    HttpResponse<String> early = post("/predict", "{\"model\":\"churn\",\"records\":[{\"x\":1}]}");
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
        .until(
            () ->
                post("/predict", "{\"model\":\"churn\",\"records\":[{\"x\":1}]}").statusCode()
                    == 200);

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

  @Test
  void speaksTheOpenInferenceProtocol() throws Exception {
    serve("protocol", "1.0.0");

    assertThat(json(get("/v2")).get("name").asString()).isEqualTo("ml-handoff");
    assertThat(get("/v2/health/live").statusCode()).isEqualTo(200);
    assertThat(json(get("/v2/health/ready")).get("ready").asBoolean()).isTrue();
    assertThat(get("/v2/models/protocol/ready").statusCode()).isEqualTo(200);
    assertThat(get("/v2/models/protocol/versions/1.0.0/ready").statusCode()).isEqualTo(200);
    assertThat(get("/v2/models/protocol/versions/9.9.9/ready").statusCode()).isEqualTo(404);
    JsonNode metadata = json(get("/v2/models/protocol/versions/1.0.0"));
    assertThat(metadata.get("inputs"))
        .isEqualTo(
            Json.mapper().readTree("[{\"name\": \"x\", \"datatype\": \"FP64\", \"shape\": [-1]}]"));
    assertThat(metadata.get("versions").toString()).isEqualTo("[\"1.0.0\"]");

    JsonNode answer =
        json(
            post(
                "/v2/models/protocol/infer",
                "{\"id\":\"q-1\",\"inputs\":[{\"name\":\"x\",\"shape\":[3,1],"
                    + "\"datatype\":\"INT64\",\"data\":[[1],[39],[null]]}]}"));
    assertThat(answer.get("id").asString()).isEqualTo("q-1");
    assertThat(answer.get("model_name").asString()).isEqualTo("protocol");
    assertThat(answer.get("model_version").asString()).isEqualTo("1.0.0");
    assertThat(answer.get("parameters").get("arm").asString()).isEqualTo("production");
    JsonNode probability = answer.get("outputs").get(0);
    assertThat(probability.get("name").asString()).isEqualTo("probability");
    assertThat(probability.get("datatype").asString()).isEqualTo("FP64");
    assertThat(probability.get("shape").toString()).isEqualTo("[3]");
    JsonNode plain =
        json(
            post(
                "/predict",
                "{\"model\":\"protocol\",\"records\":[{\"x\":1},{\"x\":39},{\"x\":null}]}"));
    for (int row = 0; row < 3; row++) {
      assertThat(probability.get("data").get(row).asDouble())
          .as("the same answer as by /predict")
          .isEqualTo(plain.get("predictions").get(row).get("probability").asDouble());
    }
    JsonNode decision = answer.get("outputs").get(1);
    assertThat(decision.get("name").asString()).isEqualTo("decision");
    assertThat(decision.get("datatype").asString()).isEqualTo("BOOL");
    assertThat(decision.get("shape").toString()).isEqualTo("[3]");
    assertThat(decision.get("data").toString()).startsWith("[false,true,");
  }

  @Test
  void refusesInTheProtocolsErrorForm() throws Exception {
    serve("refusing", "1.0.0");
    String infer = "/v2/models/refusing/infer";

    assertThat(error(post("/v2/models/none/infer", tensor("x", "FP64", "[1]", "[1]")), 404))
        .isEqualTo("UNKNOWN_MODEL: no model none");
    assertThat(error(post(infer, "{"), 400)).startsWith("INVALID_JSON");
    assertThat(error(post(infer, "{\"inputs\":[]}"), 400)).contains("at least one tensor");
    assertThat(error(post(infer, tensor("x", "FP64", "[2]", "[1]")), 400))
        .contains("x: has 1 values, its shape says 2");
    assertThat(error(post(infer, tensor("x", "FP64", "[1,2]", "[1,2]")), 400))
        .contains("must have shape [n] or [n, 1]");
    assertThat(error(post(infer, tensor("x", "FP32", "[1]", "[1]")), 400))
        .contains("must be FP64, INT64 or BYTES");
    assertThat(error(post(infer, tensor("x", "INT64", "[1]", "[1.5]")), 400))
        .contains("has a value that is no INT64");
    assertThat(error(post(infer, tensor("x", "BYTES", "[2]", "[\"a\",\"b\"]")), 400))
        .contains("row 0, x: a number is expected", "row 1, x: a number is expected");
    assertThat(error(post(infer, tensor("y", "FP64", "[1]", "[1]")), 400))
        .contains("y: the model has no such feature");
    assertThat(
            error(
                post(
                    infer,
                    "{\"outputs\":[{\"name\":\"z\"}],\"inputs\":[{\"name\":\"x\",\"shape\":[1],"
                        + "\"datatype\":\"FP64\",\"data\":[1]}]}"),
                400))
        .isEqualTo("UNKNOWN_OUTPUT: the model has no output z");
  }

  @Test
  void anUpdateOfTheRoutesDropsNoRequest() throws Exception {
    serve("swapped", "1.0.0");
    java.util.concurrent.atomic.AtomicBoolean running =
        new java.util.concurrent.atomic.AtomicBoolean(true);
    List<Integer> statuses = java.util.Collections.synchronizedList(new java.util.ArrayList<>());
    Thread asking =
        new Thread(
            () -> {
              while (running.get()) {
                try {
                  statuses.add(
                      post("/predict", "{\"model\":\"swapped\",\"records\":[{\"x\":1}]}")
                          .statusCode());
                } catch (IOException | InterruptedException e) {
                  statuses.add(-1);
                }
              }
            });
    asking.start();
    ArtifactRef bundle = bundle();
    for (int i = 2; i < 40; i++) {
      Route next = new Route(i + ".0.0", "run-1", Role.PRODUCTION, 100, bundle, "digest");
      publish(new RouteTable("swapped", i, List.of(next)));
    }
    await().atMost(PATIENCE).until(() -> get("/models").body().contains("39.0.0"));
    running.set(false);
    asking.join();
    assertThat(statuses).isNotEmpty().containsOnly(200);
  }

  @Test
  void theOpenApiDocumentNamesEveryPathThatIsServedAndNoOther() throws Exception {
    JsonNode document = json(get("/openapi.json"));
    java.util.SortedSet<String> documented = new java.util.TreeSet<>();
    document
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .propertyNames()
                    .forEach(
                        method ->
                            documented.add(
                                method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey())));
    java.util.SortedSet<String> served = new java.util.TreeSet<>();
    service
        .getBean(
            "requestMappingHandlerMapping",
            org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping
                .class)
        .getHandlerMethods()
        .forEach(
            (mapping, method) -> {
              if (method.getBeanType().getPackageName().startsWith("dev.mlhandoff")) {
                mapping
                    .getPatternValues()
                    .forEach(
                        pattern ->
                            mapping
                                .getMethodsCondition()
                                .getMethods()
                                .forEach(verb -> served.add(verb + " " + pattern)));
              }
            });
    assertThat(documented).isEqualTo(served);
  }

  private void serve(String modelId, String version) throws Exception {
    publish(
        new RouteTable(
            modelId,
            1,
            List.of(new Route(version, "run-1", Role.PRODUCTION, 100, bundle(), "digest"))));
    await().atMost(PATIENCE).until(() -> get("/models").body().contains(modelId));
  }

  private static String tensor(String name, String datatype, String shape, String data) {
    return "{\"inputs\":[{\"name\":\"%s\",\"datatype\":\"%s\",\"shape\":%s,\"data\":%s}]}"
        .formatted(name, datatype, shape, data);
  }

  private static JsonNode json(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return Json.tree(response.body().getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static String error(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    JsonNode body = Json.tree(response.body().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertThat(body.propertyNames()).containsExactly("error");
    return body.get("error").asString();
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
