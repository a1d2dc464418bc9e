package dev.mlhandoff.ior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mlhandoff.ior.StandInTest.Hanging;
import dev.mlhandoff.messages.RouteTable;
import dev.mlhandoff.messages.RouteTable.Role;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two may run and three may wait; whoever comes after that is told to come again. */
class OverloadTest {

  private static final String PLAIN = "{\"model\":\"slow\",\"records\":[{\"x\":1}]}";
  private static final String TENSOR =
      "{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP64\",\"data\":[1]}]}";

  @TempDir private Path folder;
  private final ExecutorService clients = Executors.newCachedThreadPool();
  private final Hanging model = new Hanging();

  @AfterEach
  void stop() {
    model.release.countDown();
    clients.shutdownNow();
  }

  @Test
  void refusesWhatDoesNotFitAtOnceAndAnswersWhatWasLetIn() throws Exception {
    try (RunningIor ior = start("20s", 2, 3)) {
      List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        sent.add(send(ior, "/predict", PLAIN));
      }
      await()
          .atMost(RunningIor.PATIENCE)
          .until(() -> sent.stream().filter(CompletableFuture::isDone).count() == 5);
      assertThat(ior.get("/v2/health/live").statusCode()).as("however many wait").isEqualTo(200);
      HttpResponse<String> protocol = ior.post("/v2/models/slow/infer", TENSOR);
      assertThat(protocol.statusCode()).isEqualTo(429);
      assertThat(protocol.body()).isEqualTo("{\"error\":\"OVERLOADED: too many requests\"}");
      model.release.countDown();
      List<Integer> statuses = new ArrayList<>();
      for (CompletableFuture<HttpResponse<String>> answer : sent) {
        statuses.add(answer.get().statusCode());
        if (answer.get().statusCode() == 429) {
          assertThat(answer.get().headers().firstValue("Retry-After")).contains("1");
          assertThat(answer.get().body()).contains("OVERLOADED");
        }
      }
      assertThat(statuses).containsOnly(200, 429);
      assertThat(statuses.stream().filter(status -> status == 200)).hasSize(5);
      assertThat(model.mostAtOnce.get()).isEqualTo(2);
      assertThat(ior.bean(MeterRegistry.class).counter("handoff.predictions.refused").count())
          .isEqualTo(6);
      assertThat(ior.post("/predict", PLAIN).statusCode())
          .as("places are free again")
          .isEqualTo(200);
    }
  }

  @Test
  void nobodyWaitsLongerThanTheQueueAllows() throws Exception {
    try (RunningIor ior = start("1ms", 1, 1)) {
      CompletableFuture<HttpResponse<String>> first = send(ior, "/predict", PLAIN);
      await().atMost(RunningIor.PATIENCE).until(() -> model.mostAtOnce.get() == 1);
      assertThat(ior.post("/predict", PLAIN).statusCode()).isEqualTo(429);
      model.release.countDown();
      assertThat(first.get().statusCode()).isEqualTo(200);
    }
  }

  private RunningIor start(String timeout, int concurrency, int queue) throws Exception {
    RunningIor ior =
        RunningIor.alone(
            folder,
            "--handoff.ior.queue-timeout=" + timeout,
            "--handoff.ior.concurrency=" + concurrency,
            "--handoff.ior.queue=" + queue);
    ior.bean(GivenRoutes.class)
        .follow(
            new RouteTable(
                "slow",
                1,
                List.of(
                    RunningIor.route(
                        "1.0.0",
                        Role.PRODUCTION,
                        100,
                        StandInTest.NOWHERE,
                        Bundles.FEATURE_DIGEST))),
            Map.of("1.0.0", StandInTest.version("slow", "1.0.0", model)));
    return ior;
  }

  private CompletableFuture<HttpResponse<String>> send(RunningIor ior, String path, String body) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return ior.post(path, body);
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        },
        clients);
  }
}
