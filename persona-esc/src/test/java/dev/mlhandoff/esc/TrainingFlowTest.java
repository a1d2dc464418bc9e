package dev.mlhandoff.esc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import dev.mlhandoff.esc.training.ExperimentReport;
import dev.mlhandoff.esc.training.LeaderboardEntry;
import dev.mlhandoff.esc.training.LeaderboardEntry.Status;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PipelineEvent.Rejected;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.ml.model.ModelFamilies;
import dev.mlhandoff.tracking.journal.Journal;
import dev.mlhandoff.tracking.journal.JournalEntry.Trial;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What becomes of an attempt whose trials fail, or whose time is over. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrainingFlowTest {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String TWO_COLUMNS = "hash(i * 11) % 1000 AS a, hash(i * 13) % 1000 AS b";

  @TempDir static Path folder;
  private final MovableClock clock = new MovableClock();
  private EscHarness esc;

  /** The time of the day, or so much later. */
  private static final class MovableClock extends Clock {
    private volatile Duration ahead = Duration.ZERO;

    @Override
    public Instant instant() {
      return InstantSource.system().instant().plus(ahead);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @BeforeAll
  void start() throws Exception {
    esc = EscHarness.start(folder, clock);
  }

  @AfterAll
  void stop() {
    esc.stopTracking();
    esc.close();
  }

  /** One crashes its worker, another gets a setting that its library refuses. */
  @Test
  void failedTrialsAreOnTheLeaderboardAndTheRunGoesOn() throws Exception {
    String run = "run-00000000000000c1";
    esc.crashed(run, 2, "random_forest-fold-1");
    esc.submit(
        run,
        2,
        "\"requirements\": {\"models\": [\"random_forest\", \"gradient_boosting\"]},"
            + " \"tuningBudget\": {\"trials\": 1, \"seconds\": 600}",
        TWO_COLUMNS,
        learned("gradient_boosting", Map.of("depth", -3.0)));
    Deliverable delivered = delivered(run);
    ExperimentReport report = report(delivered);

    assertThat(report.selected()).isEqualTo("logistic_regression");
    assertThat(report.leaderboard())
        .extracting(LeaderboardEntry::id, LeaderboardEntry::status)
        .containsExactly(
            tuple("logistic_regression", Status.COMPLETED),
            tuple("gradient_boosting_1_1", Status.FAILED),
            tuple("random_forest", Status.FAILED));
    assertThat(report.leaderboard())
        .extracting(entry -> String.valueOf(entry.reason()))
        .satisfiesExactly(
            none -> assertThat(none).isEqualTo("null"),
            refused -> assertThat(refused).startsWith("fold 0: INTERNAL"),
            crashed ->
                assertThat(crashed)
                    .isEqualTo(
                        "fold 1: WORK_CRASHED, stage trial was started 3 times and never ended"));
    assertThat(text(delivered, "spec-md"))
        .contains("| random_forest | failed: fold 1: WORK_CRASHED");
    Journal journal = Journal.read(esc.artifacts().read(delivered.artifact(TrackingJournal.ROLE)));
    assertThat(journal.trials())
        .filteredOn(trial -> trial.failure() != null)
        .extracting(Trial::id)
        .containsExactly("gradient_boosting_1_1", "random_forest");
  }

  @Test
  void aBaselineThatFailsEndsTheRun() throws Exception {
    String run = "run-00000000000000c2";
    esc.crashed(run, 1, "logistic_regression-fold-2");
    esc.submit(run, 1, "\"requirements\": {\"models\": [\"logistic_regression\"]}", TWO_COLUMNS);

    assertThat(rejected(run).code()).isEqualTo("BASELINE_FAILED");
    assertThat(rejected(run).message()).contains("fold 2: WORK_CRASHED");
    assertThat(esc.handedOver(run)).isEmpty();
  }

  @Test
  void timeEndsTheSearchBetweenItsRoundsAndTheRunSaysSo() throws Exception {
    String run = "run-00000000000000c3";
    esc.submit(
        run,
        1,
        "\"requirements\": {\"models\": [\"logistic_regression\"]}, \"tuning\": \"always\","
            + " \"tuningBudget\": {\"trials\": 10000, \"seconds\": 3000}",
        TWO_COLUMNS);
    await().atMost(PATIENCE).until(() -> esc.results(run) > 3);
    clock.ahead = Duration.ofHours(1);
    Deliverable delivered = delivered(run);
    ExperimentReport report = report(delivered);

    assertThat(report.effort().stoppedBySeconds()).isTrue();
    assertThat(report.effort().rounds()).isPositive();
    // Rounds are whole: one configuration on three folds.
    assertThat(report.effort().searchTrials()).isEqualTo(3 * report.effort().rounds());
    assertThat(report.leaderboard())
        .hasSize(1 + report.effort().rounds())
        .allSatisfy(entry -> assertThat(entry.foldAuc()).hasSize(3));
    assertThat(text(delivered, "spec-md")).contains("its time was over before its trials");
  }

  @Test
  void columnsThatTeachNothingAreNoFeatures() throws Exception {
    String run = "run-00000000000000c4";
    esc.submit(
        run,
        1,
        "\"tuning\": \"on-failure\"",
        "7 AS constant, NULL::DOUBLE AS nothing, 'id ' || i AS identifying,"
            // Varies on the rows of one fold alone, so that the others lack it.
            + " CASE WHEN i % 3 = 0 THEN i ELSE 1 END AS rare");

    assertThat(rejected(run).code()).isEqualTo("NO_FEATURES");
    assertThat(esc.results(run)).isZero();
  }

  private Rejected rejected(String run) {
    await()
        .atMost(PATIENCE)
        .until(() -> esc.events(run).stream().anyMatch(Rejected.class::isInstance));
    return esc.events(run).stream()
        .filter(Rejected.class::isInstance)
        .map(Rejected.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private Deliverable delivered(String run) {
    await().atMost(PATIENCE).until(() -> !esc.handedOver(run).isEmpty());
    assertThat(esc.handedOver(run)).hasSize(1);
    return esc.handedOver(run).get(0).deliverable(StageIds.TRAINING);
  }

  private ExperimentReport report(Deliverable delivered) throws Exception {
    return Json.read(
        esc.artifacts().read(delivered.artifact("experiment-report")), ExperimentReport.class);
  }

  private String text(Deliverable delivered, String role) throws Exception {
    return new String(esc.artifacts().read(delivered.artifact(role)), StandardCharsets.UTF_8);
  }

  /** A first attempt that found a configuration to be very good. */
  private Deliverable learned(String family, Map<String, Double> changed) throws Exception {
    Map<String, Double> parameters = new TreeMap<>(ModelFamilies.named(family).defaults());
    parameters.putAll(changed);
    ObjectNode report = (ObjectNode) Json.tree(Json.write(SpecificationTest.report(List.of())));
    ((ArrayNode) report.path("leaderboard"))
        .add(
            Json.mapper()
                .valueToTree(
                    Map.of(
                        "id",
                        family + "_1_1",
                        "family",
                        family,
                        "parameters",
                        parameters,
                        "status",
                        "COMPLETED",
                        "foldAuc",
                        List.of(0.98, 0.98),
                        "meanAuc",
                        0.98,
                        "spread",
                        0.0,
                        "metrics",
                        Map.of())));
    return Deliverable.of(
        StageIds.TRAINING,
        "ESC",
        1,
        "Attempt 1.",
        Map.of("experiment-report", esc.write("runs/learned/report.json", Json.write(report))),
        Map.of());
  }
}
