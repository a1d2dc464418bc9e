package dev.mlhandoff.ior;

import static dev.mlhandoff.ior.RunningIor.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mlhandoff.ior.serving.DeviationPolicy;
import dev.mlhandoff.ior.serving.RecordValidator;
import dev.mlhandoff.ior.serving.ServingModel;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.RouteTable;
import dev.mlhandoff.messages.RouteTable.Role;
import dev.mlhandoff.messages.RouteTable.Route;
import dev.mlhandoff.ml.bundle.Calibrator;
import dev.mlhandoff.ml.bundle.ModelBundle;
import dev.mlhandoff.ml.model.Model;
import dev.mlhandoff.ml.table.RawTable;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a version that fails, or hangs in the shadow, does to whoever asks: nothing. */
class StandInTest {

  static final ArtifactRef NOWHERE =
      new ArtifactRef("s3://nowhere/bundle", "0".repeat(64), 1, "application/zip");
  private static final String QUESTION =
      "{\"model\":\"%s\",\"records\":[{\"x\":1},{\"x\":2},{\"x\":3}]}";

  @TempDir static Path folder;
  private static @Nullable RunningIor started;

  @BeforeAll
  static void startService() throws Exception {
    started = RunningIor.alone(folder);
  }

  @AfterAll
  static void stopService() {
    ior().close();
  }

  @Test
  void productionAnswersForACanaryThatFails() throws Exception {
    serve(
        "fails",
        Map.of(
            "2.0.0", version("fails", "2.0.0", new Failing()),
            "1.0.0", version("fails", "1.0.0", new Constant(0.25))),
        route("2.0.0", Role.CANARY, 100),
        route("1.0.0", Role.PRODUCTION, 0));
    JsonNode predictions =
        json(ior().post("/predict", QUESTION.formatted("fails"))).get("predictions");
    assertThat(predictions).hasSize(3);
    for (JsonNode prediction : predictions) {
      assertThat(prediction.get("version").asString()).isEqualTo("1.0.0");
      assertThat(prediction.get("arm").asString()).isEqualTo("production");
      assertThat(prediction.get("probability").asDouble()).isEqualTo(0.25);
    }
  }

  @Test
  void aFailureThatNobodyStandsInForIsSaidInTheFormOfTheApi() throws Exception {
    serve(
        "alone",
        Map.of("1.0.0", version("alone", "1.0.0", new Failing())),
        route("1.0.0", Role.PRODUCTION, 100));
    HttpResponse<String> plain = ior().post("/predict", QUESTION.formatted("alone"));
    assertThat(plain.statusCode()).isEqualTo(500);
    assertThat(plain.body()).contains("SCORING_FAILED").doesNotContain("broken on purpose");
    HttpResponse<String> protocol =
        ior()
            .post(
                "/v2/models/alone/infer",
                "{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP64\",\"data\":[1]}]}");
    assertThat(protocol.body())
        .isEqualTo("{\"error\":\"SCORING_FAILED: version 1.0.0 of alone failed\"}");
  }

  @Test
  void nobodyWaitsForTheShadowAndCopiesThatDoNotFitAreCounted() throws Exception {
    Hanging hanging = new Hanging();
    serve(
        "shadowed",
        Map.of(
            "2.0.0", version("shadowed", "2.0.0", hanging),
            "1.0.0", version("shadowed", "1.0.0", new Constant(0.75))),
        route("2.0.0", Role.SHADOW, 0),
        route("1.0.0", Role.PRODUCTION, 100));
    String many =
        "{\"model\":\"shadowed\",\"records\":[" + "{\"x\":1},".repeat(599) + "{\"x\":2}]}";
    for (int i = 0; i < 2; i++) {
      JsonNode answer = json(ior().post("/predict", many)).get("predictions");
      assertThat(answer).hasSize(600).allMatch(p -> p.get("version").asString().equals("1.0.0"));
    }
    double dropped =
        ior().bean(MeterRegistry.class).counter("handoff.predictions.shadow.dropped").count();
    // 1000 wait and one hangs; whether it had begun when the rest came makes a difference of one.
    assertThat(dropped).isBetween(199.0, 200.0);
    hanging.release.countDown();
    await().atMost(RunningIor.PATIENCE).until(() -> hanging.scored.get() == 1200 - (int) dropped);
  }

  private static void serve(String model, Map<String, ServingModel> versions, Route... routes) {
    ior().bean(GivenRoutes.class).follow(new RouteTable(model, 1, List.of(routes)), versions);
  }

  private static Route route(String version, Role role, int weight) {
    return RunningIor.route(version, role, weight, NOWHERE, Bundles.FEATURE_DIGEST);
  }

  static ServingModel version(String modelId, String version, Model model) {
    double[] x = new double[80];
    int[] labels = new int[80];
    Arrays.setAll(x, i -> i % 40);
    Arrays.setAll(labels, i -> i % 40 > 20 ? 1 : 0);
    ModelBundle sound =
        Bundles.trained(
            "logistic_regression",
            RawTable.builder(80).numeric("x", x).build(),
            labels,
            new Calibrator(1, 0),
            Bundles.FEATURE_DIGEST);
    ModelBundle bundle = ModelBundle.of(sound.description(), model);
    return new ServingModel(
        modelId,
        version,
        bundle,
        Bundles.FEATURE_DIGEST,
        RecordValidator.of(bundle, DeviationPolicy.LENIENT));
  }

  private static RunningIor ior() {
    return Objects.requireNonNull(started);
  }

  abstract static class Scores implements Model {
    @Override
    public double[] contributions(float[] row) {
      return new double[row.length + 1];
    }

    @Override
    public double[] importance(int width) {
      return new double[width];
    }

    @Override
    public byte[] toBytes() {
      return new byte[0];
    }
  }

  private static final class Failing extends Scores {
    @Override
    public double[] probabilities(float[][] rows) {
      throw new IllegalStateException("broken on purpose");
    }
  }

  private static final class Constant extends Scores {
    private final double probability;

    Constant(double probability) {
      this.probability = probability;
    }

    @Override
    public double[] probabilities(float[][] rows) {
      double[] probabilities = new double[rows.length];
      Arrays.fill(probabilities, probability);
      return probabilities;
    }
  }

  static final class Hanging extends Scores {
    final CountDownLatch release = new CountDownLatch(1);
    final AtomicInteger scored = new AtomicInteger();

    final AtomicInteger mostAtOnce = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();

    @Override
    public double[] probabilities(float[][] rows) {
      mostAtOnce.accumulateAndGet(running.incrementAndGet(), Math::max);
      try {
        release.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      running.decrementAndGet();
      scored.addAndGet(rows.length);
      return new double[rows.length];
    }
  }
}
