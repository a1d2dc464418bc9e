package dev.mlhandoff.card;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.card.RunRecord.StageRecord;
import dev.mlhandoff.card.RunRecord.StageStatus;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.ChampionComparison;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.GateVerdict;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ModelCard;
import dev.mlhandoff.messages.ModelCard.PipelineStage;
import dev.mlhandoff.messages.PipelineEvent.GateEvaluated;
import dev.mlhandoff.messages.PipelineEvent.RetrainOrdered;
import dev.mlhandoff.messages.ProjectOutcome;
import dev.mlhandoff.messages.ProjectOutcome.Status;
import dev.mlhandoff.messages.ProjectRequest;
import dev.mlhandoff.messages.Retraining;
import dev.mlhandoff.messages.RouteTable;
import dev.mlhandoff.messages.RouteTable.Role;
import dev.mlhandoff.messages.StageIds;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RetrainCardTest {

  private static final ArtifactRef DATA =
      new ArtifactRef("file:///data", "d".repeat(64), 3, "application/parquet");

  private final SampleRun first = SampleRun.of("run-a", "churn", "1.0.0").complete(4);

  @Test
  void theCardNamesTheFirstAndShowsBothVersionsOnTheSameRows() {
    ModelCard card = CardAssembler.assemble(promoted().run()).orElseThrow();

    assertThat(card.pipelineStages())
        .extracting(PipelineStage::stage, PipelineStage::persona)
        .hasSize(5)
        .contains(
            org.assertj.core.groups.Tuple.tuple("data_pipeline", "POR"),
            org.assertj.core.groups.Tuple.tuple("training", "ESC"));
    JsonNode section = Json.tree(Json.write(card.evidence())).path("retraining");
    assertThat(section.path("parent_card").asString()).isEqualTo("churn/1.0.0");
    assertThat(section.path("reason").asString()).isEqualTo("drift of income");
    assertThat(section.path("statistics").path("psi").asDouble()).isEqualTo(0.4);
    assertThat(section.path("rows").path("rows_later_than_parent").asInt()).isEqualTo(321);
    assertThat(section.path("training_data_sha256").asString()).isEqualTo("d".repeat(64));
    JsonNode comparison = section.path("champion_and_challenger");
    assertThat(comparison.path("champion").asDouble()).isEqualTo(0.7);
    assertThat(comparison.path("challenger").asDouble()).isEqualTo(0.8);
    assertThat(comparison.path("lower").asDouble()).isEqualTo(0.05);
    assertThat(card.status()).containsEntry("parent_run_id", "run-a");
    assertThat(CardMarkdown.of(card)).contains("## Retraining").contains("churn/1.0.0");
    assertThat(CardView.of(card, SampleRun.noArtifacts()).page(true))
        .contains("Trained again", "churn/1.0.0");
  }

  @Test
  void theRunShowsWhatItInheritedAndHasAnOutcomeOfItsOwn() {
    Run run = promoted().run();
    ProjectOutcome outcome = new Outcomes(key -> "file:///" + key).of(run).orElseThrow();

    assertThat(StageFold.of(run))
        .filteredOn(stage -> stage.stage().equals(StageIds.DATA_PIPELINE))
        .extracting(StageRecord::status)
        .containsExactly(StageStatus.INHERITED);
    assertThat(outcome.status()).isEqualTo(Status.COMPLETED);
    assertThat(outcome.runId()).isEqualTo("run-b");
    assertThat(outcome.cardKey()).isEqualTo("churn/1.1.0");
    assertThat(outcome.source()).isNull();
    assertThat(outcome.correlationId()).isNull();
  }

  @Test
  void theFirstCardSaysWhatReplacedItAndWhy() {
    RouteTable table =
        SampleRun.routes("churn", 9, Map.of("1.0.0", Role.STANDBY, "1.1.0", Role.PRODUCTION));
    ModelCard card = CardAssembler.assemble(first.run()).orElseThrow();

    ModelCard told = CardStatus.apply(card, first.run(), table, List.of(promoted().run()));

    assertThat(told.deploymentStatus()).isEqualTo("superseded");
    assertThat(told.status())
        .containsEntry(
            "superseded_by",
            new TreeMap<>(Map.of("version", "1.1.0", "reason", "drift of income")));
    assertThat(told.evidenceDigest()).isEqualTo(card.evidenceDigest());
    assertThat(CardStatus.apply(told, first.run(), null, List.of()).status())
        .doesNotContainKey("superseded_by");
  }

  @Test
  void theFirstCardSaysThatARetrainFailedAndGoesOnServing() {
    RouteTable table = SampleRun.routes("churn", 5, Map.of("1.0.0", Role.PRODUCTION));
    ModelCard card = CardAssembler.assemble(first.run()).orElseThrow();
    SampleRun running = ordered();

    ModelCard during = CardStatus.apply(card, first.run(), table, List.of(running.run()));
    ModelCard after =
        CardStatus.apply(
            card, first.run(), table, List.of(running.rejected("INFERIOR_TO_CHAMPION").run()));

    assertThat(retrain(during).path("state").asString()).isEqualTo("running");
    assertThat(retrain(after).path("state").asString()).isEqualTo("rejected");
    assertThat(retrain(after).path("code").asString()).isEqualTo("INFERIOR_TO_CHAMPION");
    assertThat(after.deploymentStatus()).isEqualTo("production");
    assertThat((Long) after.status().get("revision"))
        .isGreaterThan((Long) during.status().get("revision"));
  }

  private static JsonNode retrain(ModelCard card) {
    return Json.tree(Json.write(card.status())).path("retrains").path(0);
  }

  private static SampleRun ordered() {
    SampleRun run = SampleRun.of("run-b", "churn", "1.1.0");
    return run.add(
        new RetrainOrdered(
            "run-b/ordered",
            "run-b",
            run.tick(),
            ProjectRequest.of("Churn", "customers", "churn", "2020-01-01"),
            "churn",
            "1.1.0",
            "run-a",
            new Retraining("1.0.0", "drift of income", new TreeMap<>(Map.of("psi", 0.4)), DATA),
            List.of(
                Deliverable.of(
                    StageIds.DATA_PIPELINE,
                    "POR",
                    1,
                    "rows",
                    Map.of("dataset", DATA),
                    Map.of("rows_later_than_parent", 321.0)),
                Deliverable.of(
                    StageIds.FEATURE_ENGINEERING, "FAR", 1, "features", Map.of(), Map.of()))));
  }

  private static SampleRun promoted() {
    SampleRun run = ordered().stage(StageIds.TRAINING, 1);
    run.add(
        new GateEvaluated(
            "run-b/gate/1",
            "run-b",
            run.tick(),
            1,
            GateVerdict.PASSED,
            0.7,
            0.65,
            new TreeMap<>(),
            "3",
            List.of(),
            null,
            new ChampionComparison("1.0.0", "auc_roc", 600, 0.7, 0.8, 0.05, 0.15, 0.02)));
    return run.stage(StageIds.INFERENCE, 1).deployment("production", 9).promoted(9);
  }
}
