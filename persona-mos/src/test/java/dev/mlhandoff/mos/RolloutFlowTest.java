package dev.mlhandoff.mos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.mlhandoff.messages.Alert;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.DeploymentChanged;
import dev.mlhandoff.messages.PipelineEvent.Promoted;
import dev.mlhandoff.messages.PipelineEvent.Rejected;
import dev.mlhandoff.messages.PipelineEvent.RolledBack;
import dev.mlhandoff.messages.PipelineEvent.StageCompleted;
import dev.mlhandoff.messages.QualityPolicy;
import dev.mlhandoff.messages.RouteTable.Role;
import dev.mlhandoff.messages.RouteTable.Route;
import dev.mlhandoff.messages.Topics;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RolloutFlowTest {

  private static final int ROWS = 400;
  // A row a request: few, because each of them is slow.
  private static final int FEW_ROWS = 6;

  @TempDir static Path folder;
  private final FakeInference inference;
  private MosHarness mos;

  RolloutFlowTest() throws Exception {
    inference = new FakeInference();
  }

  @BeforeAll
  void start() throws Exception {
    mos =
        MosHarness.start(
            inference,
            folder,
            "--handoff.mos.replay-requests=100",
            "--handoff.mos.step-timeout=0s",
            "--handoff.policies.quality=" + policy(0.75));
  }

  @AfterAll
  void stop() {
    mos.close();
    inference.close();
  }

  @Test
  void badVersionsAreRolledBackByTheRightJudgeAndGoodOnesPromoted() throws Exception {
    List<PipelineEvent> first = roll("churn", "1.0.0", ROWS, x -> x);
    assertThat(changes(first))
        .extracting(DeploymentChanged::from, DeploymentChanged::to)
        .containsExactly(
            tuple("staged", "shadow"),
            tuple("shadow", "canary 5 %"),
            tuple("canary 5 %", "canary 25 %"),
            tuple("canary 25 %", "canary 50 %"),
            tuple("canary 50 %", "canary 100 %"),
            tuple("canary 100 %", "production"));
    assertThat(changes(first))
        .extracting(DeploymentChanged::revision)
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(first)
        .filteredOn(StageCompleted.class::isInstance)
        .extracting(event -> ((StageCompleted) event).deliverable().summary())
        .containsExactly(
            "Brought version 1.0.0 into production: shadow, canary 5 %, canary 25 %, canary 50 %,"
                + " canary 100 % passed on replayed requests. Each step was judged by errors,"
                + " latency, prediction shift, calibration and quality.");

    rejected(roll("churn", "2.0.0", ROWS, x -> 0.5), "prediction shift: every answer is 0.5000");
    rejected(roll("churn", "3.0.0", ROWS, RolloutFlowTest::fail), "errors: 100 of 100");
    rejected(roll("churn", "4.0.0", FEW_ROWS, RolloutFlowTest::slow), "latency: p99 is ");
    rejected(roll("churn", "5.0.0", ROWS, x -> 0.9 + 0.1 * x), "calibration: ");
    assertThat(routes("churn"))
        .extracting(Route::version, Route::role, Route::weight)
        .containsExactly(tuple("1.0.0", Role.PRODUCTION, 100));

    assertThat(roll("churn", "6.0.0", ROWS, x -> 0.01 + 0.98 * x))
        .anyMatch(Promoted.class::isInstance);
    assertThat(routes("churn"))
        .extracting(Route::version, Route::role, Route::weight)
        .containsExactly(tuple("6.0.0", Role.PRODUCTION, 100), tuple("1.0.0", Role.STANDBY, 0));

    roll("churn", "7.0.0", ROWS, x -> x);
    assertThat(routes("churn"))
        .extracting(Route::version, Route::role)
        .containsExactly(tuple("7.0.0", Role.PRODUCTION), tuple("6.0.0", Role.STANDBY));
    assertThat(changes(mos.events(mos.handoff("churn", "1.0.0", ROWS))))
        .extracting(DeploymentChanged::to)
        .endsWith("production", "superseded", "retired");
    assertThat(mos.read(Topics.ALERTS))
        .filteredOn(alert -> alert.modelId().equals("churn"))
        .extracting(Alert::kind, Alert::version)
        .containsExactly(
            tuple(Alert.Kind.ROLLBACK, "2.0.0"),
            tuple(Alert.Kind.ROLLBACK, "3.0.0"),
            tuple(Alert.Kind.ROLLBACK, "4.0.0"),
            tuple(Alert.Kind.ROLLBACK, "5.0.0"));
  }

  @Test
  void aFirstVersionThatIsRolledBackLeavesNothingServing() throws Exception {
    rejected(roll("first", "1.0.0", ROWS, x -> 1 - x), "quality: ");

    assertThat(routes("first")).isEmpty();
  }

  /** The request names no threshold of its own, so that the policy's counts. */
  @Test
  void aVersionThatDoesNotRankAsThePolicyAsksIsRolledBack() throws Exception {
    List<PipelineEvent> events = roll("policy", "1.0.0", ROWS, RolloutFlowTest::noisy);

    rejected(events, "quality: AUC-ROC on replayed rows is 0.");
    assertThat(events).filteredOn(Rejected.class::isInstance).asString().contains("below 0.7500");
  }

  private static Path policy(double threshold) throws Exception {
    try (InputStream content = QualityPolicy.class.getResourceAsStream("/policies/quality.yml")) {
      String text = new String(Objects.requireNonNull(content).readAllBytes(), UTF_8);
      return Files.writeString(
          folder.resolve("quality.yml"),
          text.replace("threshold: 0.65", "threshold: " + threshold));
    }
  }

  private List<PipelineEvent> roll(
      String modelId, String version, int rows, DoubleUnaryOperator scores) throws Exception {
    inference.serve(modelId, version, scores);
    return mos.outcomeOf(mos.handoff(modelId, version, rows));
  }

  private static void rejected(List<PipelineEvent> events, String reason) {
    assertThat(events)
        .filteredOn(Rejected.class::isInstance)
        .singleElement()
        .satisfies(
            event -> {
              Rejected rejected = (Rejected) event;
              assertThat(rejected.code()).isEqualTo("CANARY_ROLLED_BACK");
              assertThat(rejected.message()).startsWith("shadow: " + reason);
            });
    assertThat(events).filteredOn(RolledBack.class::isInstance).hasSize(1);
    assertThat(events).noneMatch(StageCompleted.class::isInstance);
  }

  private List<Route> routes(String modelId) {
    return mos.route(modelId).orElseThrow().routes();
  }

  private static List<DeploymentChanged> changes(List<PipelineEvent> events) {
    return events.stream()
        .filter(DeploymentChanged.class::isInstance)
        .map(DeploymentChanged.class::cast)
        .toList();
  }

  private static double fail(double x) {
    throw new IllegalStateException("cannot score " + x);
  }

  /** Right for two of three rows, even for the third: ranks with about 0.7. */
  private static double noisy(double x) {
    return Math.round(x * ROWS) % 3 == 0 ? 1 - x : x;
  }

  private static double slow(double x) {
    try {
      Thread.sleep(MosHarness.LATENCY_TARGET_MS + 100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return x;
  }
}
