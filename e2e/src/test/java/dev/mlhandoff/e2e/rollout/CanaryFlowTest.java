package dev.mlhandoff.e2e.rollout;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mlhandoff.e2e.rollout.PublicTraffic.Answer;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.AbTestDecided;
import dev.mlhandoff.messages.PipelineEvent.DeploymentChanged;
import dev.mlhandoff.messages.PipelineEvent.Promoted;
import dev.mlhandoff.messages.PipelineEvent.Rejected;
import dev.mlhandoff.messages.PipelineEvent.RollbackMeasured;
import dev.mlhandoff.messages.StageHandoff;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** One public that asks all the time, one good version, four that go bad in the canary. */
@EnabledIfSystemProperty(named = "rollout", matches = "all")
class CanaryFlowTest {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int STEP_SAMPLES = 300;
  // What a busy machine needs is no finding; 600 ms for every look-up is one.
  private static final int LENIENT_MS = 5000;
  private static final int STRICT_MS = 400;
  private static final int AB_SAMPLES = 150;

  @TempDir Path folder;

  /** Lets a version go bad. */
  private interface Misfortune {
    void strike() throws Exception;
  }

  @Test
  void eachBadVersionIsRolledBackByItsJudgeGoodOnesArePromotedAndThePublicNoticesNothing()
      throws Exception {
    try (ServingSystem system = new ServingSystem(folder, STEP_SAMPLES)) {
      OnlineRows rows = new OnlineRows(system.database());
      Versions versions = new Versions(system.artifacts(), folder);
      rows.write(Versions.MODEL, "good");
      // Nobody can ask yet, so the first version is judged on replayed rows.
      system.order(versions.handoff("1.0.0", "good", LENIENT_MS));
      awaitEvent(system, Promoted.class, promoted -> promoted.version().equals("1.0.0"));

      try (PublicTraffic traffic =
          new PublicTraffic(system.predictions(), versions, system.publisher())) {
        for (String digest : List.of("constant", "failing", "slow", "skewed")) {
          rows.write(Versions.MODEL, digest);
        }
        assertThat(
                rejection(
                    system,
                    versions.handoff("2.0.0", "constant", LENIENT_MS),
                    () -> rows.makeConstant("constant")))
            .matches("canary (50|100) %: prediction shift: .*");
        assertThat(
                rejection(
                    system,
                    versions.handoff("3.0.0", "failing", LENIENT_MS),
                    () -> rows.remove("failing")))
            .matches("canary (50|100) %: errors: .*");
        assertThat(
                rejection(
                    system,
                    versions.handoff("4.0.0", "slow", STRICT_MS),
                    () -> rows.makeSlow("slow")))
            .matches("canary (50|100) %: latency: p99 is .*");
        traffic.label(true);
        assertThat(
                rejection(
                    system,
                    versions.handoff("5.0.0", "skewed", LENIENT_MS),
                    () -> rows.skew("skewed")))
            .matches("canary (50|100) %: calibration: outcomes are -0\\..*");

        StageHandoff good = versions.handoff("6.0.0", "good", LENIENT_MS);
        system.order(good);
        awaitEvent(system, Promoted.class, promoted -> promoted.version().equals("6.0.0"));
        assertThat(changes(system, good))
            .extracting(DeploymentChanged::reason)
            .containsExactly(
                "every replica loads the version",
                "passed on public requests",
                "passed on public requests",
                "passed on public requests");
        for (String bad : List.of("2.0.0", "3.0.0", "4.0.0", "5.0.0")) {
          RollbackMeasured measured =
              awaitEvent(system, RollbackMeasured.class, event -> event.version().equals(bad));
          assertThat(measured.stoppedAfterMs()).isNotNegative();
          System.out.printf(
              "rollback of %s: %d ms to its last answer%n", bad, measured.stoppedAfterMs());
        }
        splitsEntitiesAndComparesTheVersions(system, traffic);
        assertThat(traffic.failures()).as("requests that failed in any of it").isEmpty();
      }
    }
  }

  private static void splitsEntitiesAndComparesTheVersions(
      ServingSystem system, PublicTraffic traffic) throws Exception {
    String tests = system.rollouts() + "/models/" + Versions.MODEL + "/ab-tests";
    assertThat(post(tests, plan("1.0.0", "3.0.0")).body()).contains("VERSION_NOT_WARM");
    assertThat(post(tests, plan("6.0.0", "6.0.0")).body()).contains("INVALID_AB_TEST");
    HttpResponse<String> started = post(tests, plan("1.0.0", "6.0.0"));
    assertThat(started.statusCode()).as(started.body()).isEqualTo(200);
    String test = Json.tree(started.body().getBytes(UTF_8)).path("testId").asString();
    assertThat(post(tests, plan("1.0.0", "6.0.0")).body()).contains("AB_TEST_RUNNING");
    await()
        .atMost(PATIENCE)
        .until(() -> routes(system).path("experiment").asString("").equals(test));
    traffic.forget();

    AbTestDecided decided = awaitEvent(system, AbTestDecided.class, event -> true);

    List<Answer> answers = traffic.answers();
    assertThat(decided.experiment()).isEqualTo(test);
    // Both versions are the same model.
    assertThat(decided.verdict()).isEqualTo("NO_DIFFERENCE");
    assertThat(decided.lower()).isNegative();
    assertThat(decided.upper()).isPositive();
    assertThat(Math.min(decided.samplesA(), decided.samplesB()))
        .isGreaterThanOrEqualTo(2 * AB_SAMPLES);
    JsonNode verdict = Json.tree(system.artifacts().read(Objects.requireNonNull(decided.report())));
    assertThat(verdict.path("result").path("verdict").asString()).isEqualTo("NO_DIFFERENCE");
    // Those around the end of the test may have been answered after it.
    int last = answers.size() - 1;
    while (!answers.get(last).arm().equals("challenger")) {
      last--;
    }
    Map<String, Set<Boolean>> sides =
        answers.stream()
            .limit(Math.max(0, last - AB_SAMPLES))
            .collect(
                Collectors.groupingBy(
                    answer -> answer.entity() < 0 ? "nobody" : "entity " + answer.entity(),
                    Collectors.mapping(
                        answer -> answer.arm().equals("challenger"), Collectors.toSet())));
    assertThat(sides.values()).allSatisfy(side -> assertThat(side).hasSize(1));
    assertThat(sides.get("nobody")).containsExactly(false);
    assertThat(sides.values()).anyMatch(side -> side.contains(true));
    await().atMost(PATIENCE).until(() -> !routes(system).has("experiment"));
  }

  private static Map<String, Object> plan(String a, String b) {
    return Map.of(
        "versions",
        List.of(a, b),
        "metric",
        "brier-score",
        "minimumSamples",
        AB_SAMPLES,
        "maximumSamples",
        2 * AB_SAMPLES);
  }

  /** Why a version that goes bad once it answers the public is taken out. */
  private static String rejection(ServingSystem system, StageHandoff handoff, Misfortune misfortune)
      throws Exception {
    system.order(handoff);
    awaitEvent(
        system,
        DeploymentChanged.class,
        event -> event.runId().equals(handoff.runId()) && event.to().equals("canary 50 %"));
    misfortune.strike();
    Rejected rejected =
        awaitEvent(system, Rejected.class, event -> event.runId().equals(handoff.runId()));
    assertThat(rejected.code()).isEqualTo("CANARY_ROLLED_BACK");
    return rejected.message();
  }

  private static List<DeploymentChanged> changes(ServingSystem system, StageHandoff handoff) {
    return system.events(DeploymentChanged.class).stream()
        .filter(event -> event.runId().equals(handoff.runId()))
        .toList();
  }

  private static <E extends PipelineEvent> E awaitEvent(
      ServingSystem system, Class<E> type, Predicate<E> fits) {
    return await()
        .atMost(PATIENCE)
        .until(() -> system.events(type).stream().filter(fits).findFirst(), Optional::isPresent)
        .orElseThrow();
  }

  private static JsonNode routes(ServingSystem system) throws Exception {
    HttpResponse<String> models =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(system.predictions() + "/models")).build(),
                HttpResponse.BodyHandlers.ofString());
    return Json.tree(models.body().getBytes(UTF_8)).path(Versions.MODEL);
  }

  private static HttpResponse<String> post(String address, Object body) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(address))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(body)))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
