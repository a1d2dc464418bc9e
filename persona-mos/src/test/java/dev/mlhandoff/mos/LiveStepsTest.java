package dev.mlhandoff.mos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mlhandoff.messages.PipelineEvent.Promoted;
import dev.mlhandoff.messages.PipelineEvent.Rejected;
import dev.mlhandoff.messages.PredictionLabel;
import dev.mlhandoff.messages.PredictionLog;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.mos.rollout.Position;
import dev.mlhandoff.mos.rollout.Position.State;
import dev.mlhandoff.platform.SharedPlatform;
import dev.mlhandoff.runtime.MessagePublisher;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Steps judged by what the prediction log says; nobody replays anything here. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiveStepsTest {

  private static final int ROWS = 400;
  private static final int ENOUGH = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir static Path folder;
  private final FakeInference inference;
  private final SplittableRandom random = new SplittableRandom(42);
  private MosHarness mos;
  private int sent;

  LiveStepsTest() throws Exception {
    inference = new FakeInference();
  }

  @BeforeAll
  void start() throws Exception {
    mos =
        MosHarness.start(
            inference,
            folder,
            "--handoff.mos.step-samples=" + ENOUGH,
            "--handoff.mos.step-timeout=1h",
            "--handoff.mos.starvation=end");
  }

  @AfterAll
  void stop() {
    mos.close();
    inference.close();
  }

  @Test
  void publicRequestsOfTheStepBringAVersionOn() throws Exception {
    StageHandoff handoff = staged("live");
    // None of these may count: replayed, of another arm, or from before the step.
    answers("live", "2.0.0", "shadow", true, ENOUGH, Instant.now());
    answers("live", "2.0.0", "direct", false, ENOUGH, Instant.now());
    answers("live", "2.0.0", "shadow", false, ENOUGH, Instant.now().minusSeconds(3600));
    answers("live", "2.0.0", "shadow", false, ENOUGH - 1, Instant.now());
    answers("live", "1.0.0", "production", false, ENOUGH, Instant.now());
    awaitRows("live", 5 * ENOUGH - 1);
    await()
        .during(Duration.ofSeconds(1))
        .atMost(PATIENCE)
        .until(() -> state(handoff) == State.SHADOW);
    answers("live", "2.0.0", "shadow", false, 1, Instant.now());
    for (int step = 0; step < 4; step++) {
      awaitStep(handoff, step);
      answers("live", "2.0.0", "canary", false, ENOUGH, Instant.now());
    }

    assertThat(mos.awaitEnd(handoff)).anyMatch(Promoted.class::isInstance);
    assertThat(mos.bean(Deployments.class).transitions("live"))
        .filteredOn(t -> t.handoff().equals(handoff))
        .extracting(Transition::reason)
        .containsExactly(
            "every replica loads the version",
            "passed on public requests",
            "passed on public requests",
            "passed on public requests",
            "passed on public requests",
            "passed on public requests");
  }

  @Test
  void aCopyInTheShadowIsJudgedByTheOutcomeOfItsRequest() throws Exception {
    StageHandoff handoff = staged("labelled");
    MessagePublisher publisher = mos.bean(MessagePublisher.class);
    for (int i = 0; i < ENOUGH; i++) {
      String id = "labelled-" + i;
      double probability = 0.3 + 0.4 * random.nextDouble();
      send(answer("labelled", "1.0.0", "production", false, id, probability, null));
      send(answer("labelled", "2.0.0", "shadow", false, id + "-shadow", probability, null));
      publisher.sendNow(Topics.PREDICTION_LABELS, id, new PredictionLabel(id, false, null));
    }

    assertThat(rejection(handoff))
        .satisfies(
            rejected -> {
              assertThat(rejected.code()).isEqualTo("CANARY_ROLLED_BACK");
              assertThat(rejected.message()).startsWith("shadow: calibration: outcomes are -0.");
            });
  }

  @Test
  void requestsThatProductionHadToAnswerAreTheCandidatesFailures() throws Exception {
    StageHandoff handoff = staged("failing");
    Deployments deployments = mos.bean(Deployments.class);
    deployments.move(find(handoff), new Position(State.CANARY, 0), "set up");
    for (int i = 0; i < 10; i++) {
      send(answer("failing", "1.0.0", "production", false, "failing-" + i, 0.5, "2.0.0"));
    }

    assertThat(rejection(handoff).message())
        .isEqualTo("canary 5 %: errors: 10 of 10 requests failed");
  }

  @Test
  void aStepThatNobodyAsksForTooLongEndsWhereThePolicySaysSo() throws Exception {
    StageHandoff handoff = staged("starved");
    answers("starved", "2.0.0", "shadow", false, 3, Instant.now());
    awaitRows("starved", 3);
    sql(
        "UPDATE mos.deployments SET changed_at = changed_at - interval '2 hours' WHERE run_id = '"
            + handoff.runId()
            + "'");

    assertThat(rejection(handoff))
        .satisfies(
            rejected -> {
              assertThat(rejected.code()).isEqualTo("CANARY_STARVED");
              assertThat(rejected.message()).isEqualTo("shadow: 3 of 200 answers within 3600 s");
            });
  }

  /** A second version in the shadow, beside a first one in production. */
  private StageHandoff staged(String model) throws Exception {
    Deployments deployments = mos.bean(Deployments.class);
    StageHandoff first = mos.handoff(model, "1.0.0", ROWS);
    deployments.stage(first);
    Deployment before = find(first);
    while (!deployments.move(before, Position.at(State.PRODUCTION), "set up")) {
      before = find(first);
    }
    StageHandoff second = mos.handoff(model, "2.0.0", ROWS);
    mos.publish(second);
    await().atMost(PATIENCE).until(() -> deployments.find(model, State.SHADOW).isPresent());
    return second;
  }

  private Deployment find(StageHandoff handoff) {
    return mos.bean(Deployments.class).of(handoff.modelId()).stream()
        .filter(deployment -> deployment.version().equals(handoff.version()))
        .findFirst()
        .orElseThrow();
  }

  private State state(StageHandoff handoff) {
    return find(handoff).position().state();
  }

  private void awaitStep(StageHandoff handoff, int step) {
    await()
        .atMost(PATIENCE)
        .until(() -> find(handoff).position().equals(new Position(State.CANARY, step)));
  }

  private Rejected rejection(StageHandoff handoff) {
    return mos.awaitEnd(handoff).stream()
        .filter(Rejected.class::isInstance)
        .map(Rejected.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private void answers(
      String model, String version, String arm, boolean replay, int count, Instant at) {
    for (int i = 0; i < count; i++) {
      PredictionLog answer =
          answer(model, version, arm, replay, "p" + sent++, random.nextDouble(), null);
      send(
          new PredictionLog(
              answer.predictionId(),
              at,
              model,
              version,
              "digest",
              arm,
              replay,
              null,
              answer.features(),
              answer.probability(),
              false,
              5.0,
              null));
    }
  }

  private PredictionLog answer(
      String model,
      String version,
      String arm,
      boolean replay,
      String id,
      double probability,
      @Nullable String failedVersion) {
    return new PredictionLog(
        id,
        Instant.now(),
        model,
        version,
        "digest",
        arm,
        replay,
        null,
        Map.of("x", sent++),
        probability,
        false,
        5.0,
        failedVersion);
  }

  private void send(PredictionLog prediction) {
    mos.bean(MessagePublisher.class)
        .sendSoon(Topics.PREDICTIONS, prediction.predictionId(), prediction, () -> {});
  }

  private static void awaitRows(String model, int rows) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              try (Connection connection = connect();
                  Statement statement = connection.createStatement();
                  var found =
                      statement.executeQuery(
                          "SELECT count(*) FROM mos.predictions WHERE model_id = '"
                              + model
                              + "'")) {
                found.next();
                return found.getInt(1) >= rows;
              }
            });
  }

  private static void sql(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.executeUpdate(sql);
      }
    }
  }

  private static Connection connect() throws SQLException {
    return DriverManager.getConnection(
        SharedPlatform.get().database().jdbcUrl(), "postgres", "postgres");
  }
}
