package dev.mlhandoff.ior;

import static dev.mlhandoff.ior.RunningIor.json;
import static dev.mlhandoff.ior.RunningIor.route;
import static dev.mlhandoff.ior.RunningIor.tree;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.RouteTable.Role;
import dev.mlhandoff.ml.bundle.Calibrator;
import dev.mlhandoff.ml.table.RawTable;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The Open Inference Protocol, version 2, as clients of other servers speak it. */
class OpenInferenceTest {

  private static final String RECORD =
      "{\"income\":4500.5,\"age\":30,\"visits\":2,\"plan\":\"basic\",\"region\":\"R1\"}";

  @TempDir static Path folder;
  private static @Nullable RunningIor started;

  @BeforeAll
  static void startService() throws Exception {
    RunningIor service = RunningIor.alone(folder);
    started = service;
    service.serve("protocol", "1.0.0", Bundles.ofOneNumber());
    RawTable table = Bundles.mixed(600);
    service.serve(
        "mixed",
        "1.0.0",
        Bundles.trained(
                "gradient_boosting",
                table,
                Bundles.labels(table),
                new Calibrator(0.8, 0.1),
                Bundles.FEATURE_DIGEST)
            .toBytes(table.select(new int[] {0, 1, 2})));
    service.publish(
        "staged",
        1,
        route("1.0.0", Role.STAGED, 0, service.store(Bundles.ofOneNumber()), "digest"));
  }

  @AfterAll
  static void stopService() {
    ior().close();
  }

  @Test
  void tellsWhatItIsAndWhetherItIsReady() throws Exception {
    JsonNode server = json(ior().get("/v2"));
    assertThat(server.get("name").asString()).isEqualTo("ml-handoff");
    assertThat(server.get("version").asString()).matches("\\d+\\.\\d+\\.\\d+.*");
    assertThat(server.get("extensions")).isEmpty();
    assertThat(json(ior().get("/v2/health/live")).get("live").asBoolean()).isTrue();
    assertThat(json(ior().get("/v2/health/ready")).get("ready").asBoolean()).isTrue();
    for (String path : List.of("/v2/models/protocol", "/v2/models/protocol/versions/1.0.0")) {
      assertThat(json(ior().get(path + "/ready")))
          .isEqualTo(Json.mapper().readTree("{\"name\":\"protocol\",\"ready\":true}"));
      JsonNode metadata = json(ior().get(path));
      assertThat(metadata.get("name").asString()).isEqualTo("protocol");
      assertThat(metadata.get("platform").asString()).isNotEmpty();
      assertThat(metadata.get("versions").toString()).isEqualTo("[\"1.0.0\"]");
      assertThat(metadata.get("inputs"))
          .isEqualTo(
              Json.mapper()
                  .readTree("[{\"name\": \"x\", \"datatype\": \"FP64\", \"shape\": [-1]}]"));
      assertThat(metadata.get("outputs"))
          .extracting(o -> o.get("name").asString() + " " + o.get("datatype").asString())
          .containsExactly("probability FP64", "decision BOOL");
    }
  }

  @Test
  void answersOneTensorForEachRawFeature() throws Exception {
    String request =
        """
        {"id": "42", "inputs": [
          {"name": "income", "shape": [2, 1], "datatype": "FP64", "data": [[4500.5], [100.25]]},
          {"name": "age", "shape": [2], "datatype": "INT64", "data": [30, 61]},
          {"name": "visits", "shape": [2], "datatype": "FP64", "data": [2, null]},
          {"name": "plan", "shape": [2, 1], "datatype": "BYTES", "data": ["basic", "premium"]},
          {"name": "region", "shape": [2], "datatype": "BYTES", "data": ["R1", "R2"]}]}
        """;
    for (String path : List.of("/v2/models/mixed/infer", "/v2/models/mixed/versions/1.0.0/infer")) {
      JsonNode answer = json(ior().post(path, request));
      assertThat(answer.get("id").asString()).isEqualTo("42");
      assertThat(answer.get("model_name").asString()).isEqualTo("mixed");
      assertThat(answer.get("model_version").asString()).isEqualTo("1.0.0");
      assertThat(answer.get("parameters").get("feature_digest").asString()).isEqualTo("digest");
      assertThat(answer.get("parameters").get("arm").asString())
          .isEqualTo(path.contains("versions") ? "direct" : "production");
      assertThat(answer.get("parameters").get("warnings").asString())
          .isEqualTo("row 1, visits: training never saw it missing");
      JsonNode probability = answer.get("outputs").get(0);
      assertThat(probability.get("shape").toString()).isEqualTo("[2]");
      JsonNode plain =
          json(ior()
                  .post(
                      "/predict",
                      "{\"model\":\"mixed\",\"records\":["
                          + RECORD
                          + ",{\"income\":100.25,\"age\":61,\"plan\":\"premium\","
                          + "\"region\":\"R2\"}]}"))
              .get("predictions");
      JsonNode decision = answer.get("outputs").get(1);
      assertThat(decision.get("datatype").asString()).isEqualTo("BOOL");
      for (int row = 0; row < 2; row++) {
        assertThat(probability.get("data").get(row)).isEqualTo(plain.get(row).get("probability"));
        assertThat(decision.get("data").get(row)).isEqualTo(plain.get(row).get("decision"));
      }
    }
  }

  @Test
  void givesOnlyTheOutputsThatAreAskedForAndExplainsThemIfToldTo() throws Exception {
    JsonNode answer =
        json(
            ior()
                .post(
                    "/v2/models/protocol/infer",
                    "{\"parameters\":{\"explain\":1},\"outputs\":[{\"name\":\"explanation\"},"
                        + "{\"name\":\"decision\"}],\"inputs\":[{\"name\":\"x\",\"shape\":[1],"
                        + "\"datatype\":\"FP64\",\"data\":[39]}]}"));
    assertThat(answer.has("id")).isFalse();
    assertThat(answer.get("outputs"))
        .extracting(o -> o.get("name").asString())
        .containsExactly("explanation", "decision");
    String text = answer.get("outputs").get(0).get("data").get(0).asString();
    JsonNode explanation = Json.tree(text.getBytes(StandardCharsets.UTF_8));
    assertThat(explanation.at("/contributions/0/feature").asString()).isEqualTo("x");
    assertThat(explanation.at("/contributions/0/value").asDouble()).isPositive();
  }

  /**
   * The bytes that Triton's Python client sends for JSON data, and KServe's, which names a type.
   */
  @Test
  void answersTheRequestsOfPublicClients() throws Exception {
    String body =
        "{\"id\":\"1\",\"inputs\":[{\"name\":\"x\",\"shape\":[1,1],\"datatype\":\"FP64\","
            + "\"data\":[39.0]}],\"outputs\":[{\"name\":\"probability\",\"parameters\":"
            + "{\"binary_data\":false}}]}";
    String triton =
        raw(
            "POST /v2/models/protocol/infer HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Length: %d\r\n\r\n%s".formatted(body.length(), body));
    assertThat(triton).startsWith("HTTP/1.1 200");
    assertThat(triton.toLowerCase(java.util.Locale.ROOT))
        .doesNotContain("inference-header-content-length");
    assertThat(triton).contains("\"id\":\"1\"", "\"name\":\"probability\"");
    // Without outputs it asks for binary ones; an answer in JSON is one that it reads as well.
    String all =
        body.replaceAll(",\"outputs\":.*", ",\"parameters\":{\"binary_data_output\":true}}");
    assertThat(
            raw(
                "POST /v2/models/protocol/versions/1.0.0/infer HTTP/1.1\r\nHost: localhost\r\n"
                    + "Connection: close\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(all.length(), all)))
        .startsWith("HTTP/1.1 200")
        .contains("\"decision\"");
    String kserve =
        raw(
            "POST /v2/models/protocol/infer HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n"
                + "Accept-Encoding: gzip, deflate\r\nConnection: close\r\nUser-Agent: python-httpx/0.27.2\r\n"
                + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                    .formatted(body.length(), body));
    assertThat(kserve).startsWith("HTTP/1.1 200").contains("\"model_version\":\"1.0.0\"");
    String chunked =
        raw(
            "POST /v2/models/protocol/infer HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n"
                    .formatted(body.length(), body));
    assertThat(chunked).startsWith("HTTP/1.1 200");
  }

  @Test
  void refusesWhatDoesNotFitInTheProtocolsErrorForm() throws Exception {
    assertRefused(tensor("x", "FP64", "[2]", "[1]"), "x: has 1 values, its shape says 2");
    assertRefused(tensor("x", "FP64", "[1,2]", "[1,2]"), "must have shape [n] or [n, 1]");
    assertRefused(tensor("x", "FP64", "[]", "[1]"), "must have shape [n] or [n, 1]");
    assertRefused(tensor("x", "FP64", "[null]", "[1]"), "must have shape [n] or [n, 1]");
    assertRefused(tensor("x", "FP64", "[1,null]", "[1]"), "must have shape [n] or [n, 1]");
    assertRefused(tensor("x", "FP64", "[-1]", "[1]"), "must have shape [n] or [n, 1]");
    assertRefused(tensor("x", "FP64", "[0]", "[]"), "there is nothing to score");
    assertRefused(tensor("x", "FP64", "[1]", "null"), "needs an array of data");
    assertRefused(tensor("x", "FP64", "[1]", "[[]]"), "must have one value a row");
    assertRefused(tensor("x", "FP32", "[1]", "[1]"), "must be FP64, INT64 or BYTES");
    assertRefused(tensor("x", "INT64", "[1]", "[1.5]"), "has a value that is no INT64");
    assertRefused(tensor("x", "FP64", "[1]", "[\"a\"]"), "has a value that is no FP64");
    assertRefused(tensor("x", "FP64", "[1]", "[1e999]"), "x: a finite number is expected");
    assertRefused(tensor("x", "FP64", "[1]", "[NaN]"), "INVALID_JSON");
    assertRefused(tensor("y", "FP64", "[1]", "[1]"), "y: the model has no such feature");
    assertRefused(
        tensor("x", "BYTES", "[2]", "[\"a\",\"b\"]"),
        "row 0, x: a number is expected; row 1, x: a number is expected");
    assertRefused("{", "INVALID_JSON");
    assertRefused("[]", "INVALID_JSON");
    assertRefused("null", "INVALID_JSON");
    assertRefused("{\"inputs\":[]}", "at least one tensor");
    assertRefused("{\"inputs\":[null]}", "inputs[0]: is no tensor");
    assertRefused("{\"inputs\":[{\"name\":\"x\"}]}", "x: needs name, shape, datatype and data");
    String good = tensor("x", "FP64", "[1]", "[1]");
    String input = good.substring(good.indexOf('[') + 1, good.length() - 2);
    assertRefused("{\"inputs\":[" + input + "," + input + "]}", "x: is given twice");
    assertRefused(
        "{\"inputs\":[" + input + "],\"outputs\":[{\"name\":\"z\"}]}",
        "UNKNOWN_OUTPUT: the model has no output z");
    assertRefused("{\"inputs\":[" + input + "],\"outputs\":[null]}", "UNKNOWN_OUTPUT");
    assertRefused(
        "{\"inputs\":[" + input + "],\"outputs\":[{\"name\":\"explanation\"}]}", "UNKNOWN_OUTPUT");
    assertRefused(
        "{\"inputs\":[" + input + "],\"parameters\":{\"explain\":\"all\"}}",
        "explain must be a whole number");
    assertRefused(
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP64\",\"parameters\":"
            + "{\"binary_data_size\":8}}]}",
        "binary data is not supported");
    assertThat(
            error(
                ior()
                    .post(
                        "/v2/models/protocol/infer", good, "Inference-Header-Content-Length", "10"),
                400))
        .startsWith("BINARY_DATA_UNSUPPORTED");
  }

  @Test
  void sharesOneErrorFormOverAllPaths() throws Exception {
    String good = tensor("x", "FP64", "[1]", "[1]");
    for (String path :
        List.of(
            "/v2/models/none",
            "/v2/models/none/ready",
            "/v2/models/none/versions/1.0.0",
            "/v2/models/protocol/versions/9.9.9",
            "/v2/models/protocol/versions/9.9.9/ready",
            "/v2/models",
            "/v2/elsewhere")) {
      error(ior().get(path), 404);
    }
    assertThat(error(ior().post("/v2/models/none/infer", good), 404))
        .isEqualTo("UNKNOWN_MODEL: no model none");
    error(ior().post("/v2/models/protocol/versions/9.9.9/infer", good), 404);
    HttpResponse<String> wrongVerb = ior().get("/v2/models/protocol/infer");
    error(wrongVerb, 405);
    assertThat(wrongVerb.headers().firstValue("Allow")).contains("POST");
    error(ior().post("/v2/models/protocol", "{}"), 405);
    for (String path : List.of("/v2/models/staged", "/v2/models/staged/ready")) {
      HttpResponse<String> early = ior().get(path);
      assertThat(error(early, 503)).startsWith("NOT_YET_SERVING");
      assertThat(early.headers().firstValue("Retry-After")).isPresent();
    }
    error(ior().post("/v2/models/staged/infer", good), 503);
    assertThat(ior().post("/v2/models/staged/versions/1.0.0/infer", good).statusCode())
        .isEqualTo(200);
  }

  @Test
  void refusesUnknownOutputsBeforeAnythingIsScored() throws Exception {
    long before = scored();
    error(
        ior()
            .post(
                "/v2/models/protocol/infer",
                "{\"outputs\":[{\"name\":\"z\"}],\"inputs\":[{\"name\":\"x\",\"shape\":[1],"
                    + "\"datatype\":\"FP64\",\"data\":[1]}]}"),
        400);
    assertThat(scored()).isEqualTo(before);
  }

  private static long scored() {
    return ior().bean(MeterRegistry.class).find("handoff.predictions.latency").timers().stream()
        .mapToLong(Timer::count)
        .sum();
  }

  private static void assertRefused(String body, String reason)
      throws IOException, InterruptedException {
    assertThat(error(ior().post("/v2/models/protocol/infer", body), 400)).as(body).contains(reason);
  }

  private static String tensor(String name, String datatype, String shape, String data) {
    return "{\"inputs\":[{\"name\":\"%s\",\"datatype\":\"%s\",\"shape\":%s,\"data\":%s}]}"
        .formatted(name, datatype, shape, data);
  }

  private static String error(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/json");
    JsonNode body = tree(response);
    assertThat(body.propertyNames()).containsExactly("error");
    return body.get("error").asString();
  }

  /** Sends bytes as they are, without the headers that a client of ours would add. */
  private static String raw(String request) throws IOException {
    URI address = ior().address("/");
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.UTF_8));
      out.flush();
      InputStream in = socket.getInputStream();
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      in.transferTo(answer);
      return answer.toString(StandardCharsets.UTF_8);
    }
  }

  private static RunningIor ior() {
    return Objects.requireNonNull(started);
  }
}
