package dev.mlhandoff.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.e2e.crash.CrashingRun.Result;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.Promoted;
import dev.mlhandoff.messages.PipelineEvent.StageStarted;
import dev.mlhandoff.messages.ProjectOutcome.Rejection;
import dev.mlhandoff.messages.ProjectOutcome.Status;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topic;
import dev.mlhandoff.messages.Topics;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The JVM of the whole system is halted at failpoints and started again on the same home; each
 * request has exactly one outcome all the same. {@code -Dcrash=some} takes one place of each kind,
 * {@code -Dcrash=all} every place of every stage.
 */
class CrashTest {

  /** Where each stage takes its work from. */
  private static final Map<String, Topic<?>> STAGES =
      Map.of(
          StageIds.DATA_PIPELINE, Topics.PROJECT_REQUESTS,
          StageIds.FEATURE_ENGINEERING, Topics.STAGE_FAR,
          StageIds.TRAINING, Topics.STAGE_ESC,
          StageIds.QUALITY_GATE, Topics.STAGE_GATE,
          StageIds.GOVERNANCE, Topics.STAGE_GCA,
          StageIds.INFERENCE, Topics.STAGE_IOR,
          StageIds.DEPLOYMENT, Topics.STAGE_MOS);

  private static final List<String> EVERYWHERE =
      List.of(
          "AFTER_POLL",
          "MID_WORK",
          "BEFORE_MANIFEST",
          "AFTER_MANIFEST",
          "AFTER_SEND",
          "AFTER_COMMIT");

  /** Halts that leave a start without an end behind. */
  private static final List<String> BEFORE_THE_END = List.of("MID_WORK", "BEFORE_MANIFEST");

  @TempDir Path folder;

  /** The place where a message is sent and not yet committed. */
  @Test
  void endsOnceThoughItDiesBeforeTheCommit() throws Exception {
    check(List.of("stage.esc.v1:AFTER_SEND"));
  }

  /** One place for each of the things that keep an outcome from being lost or doubled. */
  @Test
  @EnabledIfSystemProperty(named = "crash", matches = "some|all")
  void endsOnceWhereverItDies() throws Exception {
    check(
        List.of(
            "project.requests.v1:AFTER_MANIFEST",
            "stage.esc.v1:AFTER_SEND",
            "rollout-production:AFTER_SEND",
            "model_card:AFTER_ROW"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "project.requests.v1",
        "stage.far.v1",
        "stage.esc.v1",
        "stage.gate.v1",
        "stage.gca.v1",
        "stage.ior.v1",
        "stage.mos.v1",
        // The answer to a trial that completes its round concludes the attempt.
        "esc.trial-results.v1"
      })
  @EnabledIfSystemProperty(named = "crash", matches = "all")
  void endsOnceThoughAStageDiesEverywhere(String topic) throws Exception {
    check(EVERYWHERE.stream().map(point -> topic + ":" + point).toList());
  }

  /**
   * Fewer than three times: trials run side by side, and one that is halted with another counts it.
   */
  @Test
  @EnabledIfSystemProperty(named = "crash", matches = "all")
  void endsOnceThoughATrialDies() throws Exception {
    check(List.of("esc.trials.v1:MID_WORK", "esc.trials.v1:AFTER_SEND"));
  }

  @Test
  @EnabledIfSystemProperty(named = "crash", matches = "all")
  void endsOnceThoughTheRolloutAndTheCardDieEverywhere() throws Exception {
    check(
        List.of(
            "rollout-canary:AFTER_ROW",
            "rollout-canary:AFTER_SEND",
            "rollout-production:AFTER_ROW",
            "rollout-production:AFTER_SEND",
            "model_card:AFTER_ROW",
            "model_card:AFTER_SEND"));
  }

  @ParameterizedTest
  @CsvSource({
    "data_pipeline, project.requests.v1",
    "feature_engineering, stage.far.v1",
    "training, stage.esc.v1",
    "training, esc.trial-results.v1",
    "quality_gate, stage.gate.v1",
    "governance, stage.gca.v1",
    "inference, stage.ior.v1",
    "deployment, stage.mos.v1"
  })
  @EnabledIfSystemProperty(named = "crash", matches = "all")
  void rejectsOnceThoughItDiesWhileGivingUp(String stage, String topic) throws Exception {
    try (CrashingRun run = new CrashingRun(folder)) {
      Result result =
          run.follow(
              List.of(topic + ":IN_RECOVERER"), List.of(topic + ":MID_WORK=fail"), records -> true);

      assertThat(LogChecker.check(result.records(), run.store())).isEmpty();
      assertThat(result.outcome().rejection())
          .extracting(Rejection::code, Rejection::stage)
          .containsExactly("INTERNAL", stage);
      assertThat(result.records().stream().map(LoggedRecord::topic))
          .as("the record is kept once")
          .containsOnlyOnce(topic + ".dlt");
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "crash", matches = "all")
  void givesUpWorkThatKeepsKillingItsJvm() throws Exception {
    String halt = "stage.esc.v1:MID_WORK";
    try (CrashingRun run = new CrashingRun(folder)) {
      Result result = run.follow(List.of(halt, halt, halt), List.of(), records -> true);

      assertThat(LogChecker.check(result.records(), run.store())).isEmpty();
      assertThat(result.outcome().rejection())
          .extracting(Rejection::code, Rejection::stage)
          .containsExactly("WORK_CRASHED", StageIds.TRAINING);
    }
  }

  private void check(Collection<String> halts) throws Exception {
    try (CrashingRun run = new CrashingRun(folder)) {
      Result result =
          run.follow(
              halts,
              List.of(),
              records ->
                  // What was sent before the halt is sent once more by whoever takes over.
                  !halts.contains("rollout-production:AFTER_SEND")
                      || events(records, Promoted.class).size() > 1);

      assertThat(LogChecker.check(result.records(), run.store())).isEmpty();
      assertThat(result.outcome().status()).isEqualTo(Status.COMPLETED);
      for (Map.Entry<String, Topic<?>> entry : STAGES.entrySet()) {
        String stage = entry.getKey();
        String place = entry.getValue().name();
        long begun =
            1
                + BEFORE_THE_END.stream()
                    .filter(point -> halts.contains(place + ":" + point))
                    .count();
        // Work that has a manifest is not begun again, however often its record is delivered.
        assertThat(run.store().list("runs/" + result.runId() + "/" + stage + "/1/starts/"))
            .as("starts of " + stage)
            .hasSize((int) begun);
        assertThat(
                events(result.records(), StageStarted.class).stream()
                    .filter(event -> event.stage().equals(stage)))
            .as("announced starts of " + stage)
            .hasSize((int) begun);
      }
    }
  }

  private static <T extends PipelineEvent> List<T> events(
      List<LoggedRecord> records, Class<T> type) {
    return records.stream()
        .filter(record -> record.topic().equals(Topics.PIPELINE_EVENTS.name()))
        .map(record -> Json.read(record.bytes(), PipelineEvent.class))
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }
}
