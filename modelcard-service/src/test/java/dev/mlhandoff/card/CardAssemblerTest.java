package dev.mlhandoff.card;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.messages.ModelCard;
import dev.mlhandoff.messages.ModelCard.PipelineStage;
import dev.mlhandoff.messages.PipelineEvent.DeploymentChanged;
import dev.mlhandoff.messages.PipelineEvent.GateEvaluated;
import dev.mlhandoff.messages.PipelineEvent.RunAccepted;
import dev.mlhandoff.messages.PipelineEvent.StageCompleted;
import dev.mlhandoff.messages.StageIds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CardAssemblerTest {

  @Test
  void namesTheFiveStagesInTheOrderOfARun() {
    ModelCard card = card(sample("run-a"));

    assertThat(card.pipelineStages())
        .extracting(PipelineStage::persona)
        .containsExactly("POR", "FAR", "ESC", "IOR", "MOS");
    assertThat(card.pipelineStages().get(0).summaryLength())
        .isEqualTo("data_pipeline done".length());
  }

  @Test
  void takesTheScoreOfTheLastAttempt() {
    assertThat(card(sample("run-a")).qualityScore()).isEqualTo(0.7);
  }

  @Test
  void givesTheSameEvidenceForEqualWorkInAnotherRunAtAnotherTime() {
    ModelCard one = card(sample("run-a"));
    ModelCard other =
        card(
            SampleRun.of("run-b", "churn", "1.0.0")
                .startingAt(Instant.EPOCH)
                .withLatency(99)
                .complete(7));

    assertThat(other.evidenceDigest()).isEqualTo(one.evidenceDigest());
    assertThat(other.status()).isNotEqualTo(one.status());
  }

  @Test
  void restsOnNothingThatHappenedAfterThePromotion() {
    ModelCard before = card(sample("run-a"));
    SampleRun later = sample("run-a").stage(StageIds.TRAINING, 9);

    assertThat(card(later).evidenceDigest()).isEqualTo(before.evidenceDigest());
  }

  @Test
  void waitsForTheRequestTheScoreAndEveryStage() {
    List<RecordedEvent> all = sample("run-a").recorded();

    assertThat(CardAssembler.assemble(without(all, RunAccepted.class, ""))).isEmpty();
    assertThat(CardAssembler.assemble(without(all, GateEvaluated.class, ""))).isEmpty();
    for (String stage : StageIds.OF_THE_CARD) {
      assertThat(CardAssembler.assemble(without(all, StageCompleted.class, stage))).isEmpty();
    }
  }

  @Test
  void saysOfEachStepWhetherThePublicOrReplayedRowsJudgedIt() {
    SampleRun run =
        SampleRun.of("run-a", "churn", "1.0.0")
            .passed("shadow", DeploymentChanged.PASSED_ON_REPLAY)
            .passed("canary 5 %", DeploymentChanged.PASSED_ON_REPLAY)
            .passed("canary 50 %", DeploymentChanged.PASSED_ON_PUBLIC)
            .complete(4);

    assertThat(card(run).evidence().get("caveats_and_recommendations"))
        .isEqualTo(
            "Judged on replayed rows of the training part, which say nothing about unseen data:"
                + " shadow, canary 5 %. Judged on public requests: canary 50 %.");
  }

  @Test
  void showsAHostileNameAsText() {
    ModelCard card = card(sample("run-a"));

    assertThat(CardView.of(card, SampleRun.noArtifacts()).page(true))
        .doesNotContain("<script>alert")
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;");
    assertThat(CardMarkdown.of(card)).doesNotContain("<script>");
    assertThat(Markdown.html(CardMarkdown.of(card)))
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;");
  }

  private static Run without(List<RecordedEvent> all, Class<?> kind, String part) {
    List<RecordedEvent> rest = new ArrayList<>(all);
    assertThat(rest.removeIf(r -> kind.isInstance(r.event()) && r.event().eventId().contains(part)))
        .isTrue();
    return Run.of(rest);
  }

  private static SampleRun sample(String runId) {
    return SampleRun.of(runId, "churn", "1.0.0").complete(4);
  }

  private static ModelCard card(SampleRun sample) {
    return CardAssembler.assemble(sample.run()).orElseThrow();
  }
}
