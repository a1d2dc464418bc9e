package dev.mlhandoff.tracking;

import dev.mlhandoff.tracking.journal.Journal;
import dev.mlhandoff.tracking.journal.JournalEntry;
import dev.mlhandoff.tracking.journal.JournalEntry.Artifact;
import dev.mlhandoff.tracking.journal.JournalEntry.Attempt;
import dev.mlhandoff.tracking.journal.JournalEntry.Metric;
import dev.mlhandoff.tracking.journal.JournalEntry.SelectedModel;
import dev.mlhandoff.tracking.journal.JournalEntry.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A small attempt to replay: two trials that worked, one that failed, three files. */
final class Attempts {

  static final ArtifactFiles FILES =
      new ArtifactFiles() {
        @Override
        public Path fetch(Artifact artifact) throws IOException {
          Path file = Files.createTempFile("artifact", ".tmp");
          Files.write(file, new byte[(int) artifact.bytes()]);
          return file;
        }

        @Override
        public String address(Artifact artifact) {
          return "s3://handoff/" + artifact.path();
        }
      };

  private Attempts() {}

  static TrackedAttempt tracked(String runId) {
    return new TrackedAttempt(
        runId, Instant.ofEpochMilli(1_000), Instant.ofEpochMilli(61_000), Map.of("forest", 12.5));
  }

  static Journal journal(String version, int attempt) {
    List<JournalEntry> entries = new ArrayList<>();
    entries.add(
        new Attempt(
            "Customer <Churn> 'é'",
            "customer-churn",
            version,
            attempt,
            new TreeMap<>(Map.of("seed", "42", "folds", "3")),
            new TreeMap<>(Map.of("handoff.data_sha256", "d".repeat(64)))));
    for (String trial : List.of("logistic", "forest")) {
      entries.add(new Trial(trial, trial + "_family", new TreeMap<>(Map.of("depth", "6")), null));
      for (int fold = 0; fold < 3; fold++) {
        entries.add(new Metric(trial, "fold_auc_roc", fold, 0.8 + fold / 100.0));
      }
      entries.add(new Metric(trial, "mean_auc_roc", 0, 0.81));
    }
    entries.add(new Trial("crashed", "x_family", new TreeMap<>(), "its worker died three times"));
    entries.add(new Metric(null, "threshold", 0, 0.4));
    entries.add(new Metric(null, "undefined", 0, Double.NaN));
    entries.add(new Artifact("model-bundle", "model/model-bundle.zip", "a".repeat(64), 5_000));
    entries.add(new Artifact("experiment-report", "experiment-report.json", "b".repeat(64), 7));
    entries.add(new Artifact("spec-md", "spec.md", "c".repeat(64), 0));
    entries.add(new SelectedModel("logistic", "model-bundle"));
    return Journal.of(entries);
  }
}
