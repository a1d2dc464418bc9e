package dev.mlhandoff.ior;

import static dev.mlhandoff.ior.RunningIor.json;
import static dev.mlhandoff.ior.RunningIor.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlhandoff.ml.bundle.Calibrator;
import dev.mlhandoff.ml.table.RawTable;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

/** Plain predictions; every answer is held against the OpenAPI document. */
class PredictTest {

  @TempDir static Path folder;
  private static @Nullable RunningIor started;

  @BeforeAll
  static void startService() throws Exception {
    started =
        RunningIor.alone(
            folder,
            "--handoff.ior.max-request-size=64KB",
            "--handoff.ior.validation.missing=refuse");
  }

  @AfterAll
  static void stopService() {
    ior().close();
  }

  @Test
  void namesEveryRuleThatIsBroken() throws Exception {
    ior().serve("strict", "1.0.0", Bundles.ofOneNumber());
    HttpResponse<String> refused = predict("strict", "{\"x\":\"a\"},{\"x\":2,\"y\":1},null,{}");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(tree(refused).get("violations"))
        .extracting(v -> v.get("record").asInt() + " " + v.get("rule").asString())
        .containsExactly("0 type", "1 unknown", "2 type", "3 missing");
    assertThat(predict("none", "{}").statusCode()).isEqualTo(404);
    assertThat(ior().post("/predict", "[".repeat(5000)).statusCode()).isEqualTo(400);
    assertThat(ask("{\"model\":\"strict\",\"entities\":[null]}").statusCode()).isEqualTo(400);
    assertThat(ask("{\"model\":\"strict\",\"records\":[{\"x\":1}],\"explain\":0}").statusCode())
        .isEqualTo(400);
    assertThat(
            ask("{\"model\":\"strict\",\"explain\":1,\"records\":["
                    + String.join(",", Collections.nCopies(101, "{\"x\":1}"))
                    + "]}")
                .body())
        .contains("TOO_MANY_RECORDS", "at most 100");
  }

  @Test
  void warnsOfValuesThatTrainingNeverSaw() throws Exception {
    ior().serve("unusual", "1.0.0", mixedBundle("logistic_regression"));
    JsonNode prediction =
        predictions(
                predict(
                    "unusual",
                    "{\"income\":999999,\"age\":30,\"visits\":2,\"plan\":\"gold\","
                        + "\"region\":\"R1\"}"))
            .get(0);
    assertThat(prediction.get("warnings"))
        .extracting(w -> w.get("field").asString() + " " + w.get("rule").asString())
        .containsExactlyInAnyOrder("income range", "plan category");
    assertThat(
            predictions(
                    predict(
                        "unusual",
                        "{\"income\":null,\"age\":30,\"visits\":2,\"plan\":\"basic\","
                            + "\"region\":\"R1\"}"))
                .get(0)
                .has("warnings"))
        .isFalse();
  }

  @Test
  void explainsAProbabilityByWhatItIsTheSumOf() throws Exception {
    for (String family :
        List.of("logistic_regression", "random_forest", "gradient_boosting", "lightgbm")) {
      String model = "explained-" + family.replace('_', '-');
      ior().serve(model, "1.0.0", mixedBundle(family));
      JsonNode prediction =
          predictions(
                  ask(
                      "{\"model\":\"%s\",\"explain\":2,\"records\":[{\"income\":4500,\"age\":30,\"visits\":2,\"plan\":\"basic\",\"region\":\"R1\"}]}"
                          .formatted(model)))
              .get(0);
      JsonNode explanation = prediction.get("explanation");
      JsonNode top = explanation.get("contributions");
      assertThat(top).as(family).hasSize(2);
      double first = top.get(0).get("value").asDouble();
      double second = top.get(1).get("value").asDouble();
      assertThat(Math.abs(first)).isGreaterThanOrEqualTo(Math.abs(second)).isPositive();
      double p = prediction.get("probability").asDouble();
      assertThat(
              explanation.get("baseline").asDouble()
                  + first
                  + second
                  + explanation.get("others").asDouble())
          .as(family)
          .isCloseTo(Math.log(p / (1 - p)), within(1e-4));
      assertThat(top.get(0).get("feature").asString()).as(family).startsWith("income");
    }
  }

  @Test
  void readsNoBodyThatIsTooLargeOrCompressed() throws Exception {
    String large = "{\"records\":[{\"x\":\"" + "a".repeat(70_000) + "\"}]}";
    for (String path : List.of("/predict", "/v2/models/any/infer")) {
      assertThat(ior().post(path, large).statusCode()).isEqualTo(413);
      assertThat(ior().post(path, "x", "Content-Encoding", "gzip").statusCode()).isEqualTo(415);
    }
  }

  @Test
  void theOpenApiDocumentNamesEveryPathThatIsServedAndNoOther() throws Exception {
    JsonNode document = json(ior().get("/openapi.json"));
    SortedSet<String> documented = new TreeSet<>();
    document
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .propertyNames()
                    .forEach(
                        method ->
                            documented.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    SortedSet<String> served = new TreeSet<>();
    ior()
        .context()
        .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
        .getHandlerMethods()
        .forEach(
            (mapping, method) -> {
              if (method.getBeanType().getPackageName().equals("dev.mlhandoff.ior")) {
                for (String pattern : mapping.getPatternValues()) {
                  mapping
                      .getMethodsCondition()
                      .getMethods()
                      .forEach(verb -> served.add(verb + " " + pattern));
                }
              }
            });
    assertThat(documented).isEqualTo(served);
  }

  @Test
  void saysThatFeaturesCannotBeLookedUpWithoutADatabase() throws Exception {
    ior().serve("keyed", "1.0.0", Bundles.ofOneNumber());
    HttpResponse<String> answer = ask("{\"model\":\"keyed\",\"entities\":[\"C1\"]}");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("FEATURES_UNAVAILABLE");
  }

  private static byte[] mixedBundle(String family) {
    RawTable table = Bundles.mixed(600);
    return Bundles.trained(
            family, table, Bundles.labels(table), new Calibrator(0.8, 0.1), Bundles.FEATURE_DIGEST)
        .toBytes(table.select(new int[] {0, 1, 2}));
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
