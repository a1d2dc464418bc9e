package dev.mlhandoff.esc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.esc.training.ExperimentReport;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.ProjectRequest;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Trial;
import dev.mlhandoff.messages.TrialResult;
import dev.mlhandoff.tracking.journal.Journal;
import dev.mlhandoff.tracking.journal.JournalEntry.Artifact;
import dev.mlhandoff.tracking.journal.JournalEntry.Metric;
import dev.mlhandoff.tracking.journal.JournalEntry.SelectedModel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TrackingJournalTest {

  private static final String TRIAL = "logistic_regression";

  @Test
  void holdsWhatATrackerShouldKnow() {
    Journal journal = journal("run-0123456789abcdef", 12.0);

    assertThat(journal.attempt().parameters())
        .containsEntry("seed", "42")
        .containsEntry("folds", "2")
        .containsEntry("dataset", "customers");
    assertThat(journal.attempt().tags())
        .containsEntry("handoff.data_sha256", "f".repeat(64))
        .containsEntry("handoff.pipeline_sha256", "b".repeat(64));
    assertThat(journal.trials())
        .singleElement()
        .satisfies(t -> assertThat(t.id()).isEqualTo(TRIAL));
    assertThat(journal.metrics())
        .contains(
            new Metric(TRIAL, "fold_auc_roc", 0, 0.8023),
            new Metric(TRIAL, "fold_auc_roc", 1, 0.8223),
            new Metric(TRIAL, "mean_auc_roc", 0, 0.8123),
            new Metric(TRIAL, "brier", 0, 0.15),
            new Metric(null, "threshold", 0, 0.4));
    assertThat(journal.artifacts())
        .containsExactly(new Artifact("model-bundle", "model/b.zip", "b".repeat(64), 7));
    assertThat(journal.selectedModel()).contains(new SelectedModel(TRIAL, "model-bundle"));
  }

  @Test
  void isTheSameForTheSameWorkOfAnotherRun() {
    byte[] journal = journal("run-0123456789abcdef", 12.0).toBytes();

    assertThat(journal("run-fedcba9876543210", 99.0).toBytes()).isEqualTo(journal);
    assertThat(new String(journal, StandardCharsets.UTF_8)).doesNotContain("run-", "s3:");
  }

  private static Journal journal(String run, double trainingMs) {
    ArtifactRef features = ref(run, "f", "features.parquet");
    StageHandoff handoff =
        new StageHandoff(
            run,
            null,
            1,
            "FAR",
            "ESC",
            StageIds.TRAINING,
            "",
            ProjectRequest.of("Churn", "customers", "churned", ""),
            "churn",
            "1.0.0",
            List.of(
                Deliverable.of(
                    StageIds.FEATURE_ENGINEERING,
                    "FAR",
                    1,
                    "",
                    Map.of("features", features),
                    Map.of())));
    ExperimentReport report = SpecificationTest.report(List.of());
    Trials trials =
        Trials.of(
            List.of(
                result(run, 0, 0.8023, trainingMs, features),
                result(run, 1, 0.8223, trainingMs, features)));
    return TrackingJournal.of(
        handoff,
        report,
        trials,
        new TreeMap<>(
            Map.of(
                "model-bundle",
                ref(run, "b", "b.zip"),
                "trials-metadata",
                ref(run, run.substring(4, 5), "m.json"))));
  }

  private static TrialResult result(
      String run, int fold, double auc, double trainingMs, ArtifactRef features) {
    return new TrialResult(
        new Trial(
            run,
            1,
            TRIAL + "-" + fold,
            fold,
            0,
            2,
            TRIAL,
            TRIAL,
            new TreeMap<>(),
            fold,
            50,
            0.1,
            42,
            features,
            features,
            null),
        TrialResult.Status.COMPLETED,
        new TreeMap<>(Map.of("auc_roc", auc)),
        null,
        null,
        "worker",
        trainingMs,
        1);
  }

  private static ArtifactRef ref(String run, String digit, String name) {
    return new ArtifactRef(
        "s3://handoff/runs/" + run + "/" + name, digit.repeat(64), 7, "application/octet-stream");
  }
}
