package dev.mlhandoff.card;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.card.CardFigures.Figure;
import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.ModelCard;
import dev.mlhandoff.runtime.Digests;
import dev.mlhandoff.runtime.FileArtifactStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CardFiguresTest {

  @TempDir Path folder;
  private FileArtifactStore store = new FileArtifactStore(Path.of("unset"));

  @BeforeEach
  void openStore() {
    store = new FileArtifactStore(folder.resolve("store"));
  }

  @Test
  void drawsWhatTheArtifactsSay() throws Exception {
    List<Figure> figures = new CardFigures(store).of(card(report()));

    assertThat(figures)
        .extracting(Figure::title)
        .containsExactly(
            "ROC curve",
            "Precision and recall",
            "Calibration",
            "Distribution of the score",
            "Lift",
            "Decisions at the threshold",
            "Most important features",
            "Models compared",
            "Where the features come from");
    assertThat(figures.get(5).content()).contains("<td>2</td><td>1</td>", "<td>1</td><td>2</td>");
    assertThat(figures.get(6).content()).contains("&lt;b&gt;recency", "0.2000");
    assertThat(figures.get(7).content()).contains("boosting <strong>(selected)</strong>");
    assertThat(CardPage.of(card(report()), figures))
        .contains("<svg")
        .doesNotContain("<b>", "http:", "https:", "src=");
  }

  @Test
  void anArtifactThatWasChangedGivesNoFigure() throws Exception {
    ArtifactRef report = report();
    ArtifactRef changed =
        new ArtifactRef(report.uri(), "0".repeat(64), report.bytes(), report.mediaType());

    assertThat(new CardFigures(store).of(card(changed))).isEmpty();
  }

  private ModelCard card(ArtifactRef report) throws IOException, SQLException {
    ModelCard card =
        CardAssembler.assemble(SampleRun.of("run-a", "churn", "1.0.0").complete(4).run())
            .orElseThrow();
    TreeMap<String, Object> status = new TreeMap<>(card.status());
    status.put(
        "artifacts",
        Map.of(
            "training",
            Map.of(
                "experiment-report",
                report,
                "oof-predictions",
                parquet(
                    "SELECT * FROM (VALUES ('a', 0.9), ('b', 0.7), ('c', 0.6), ('d', 0.3), ('e',"
                        + " 0.2), ('f', 0.1)) t (entity_key, calibrated)")),
            "data_pipeline",
            Map.of(
                "dataset",
                parquet(
                    "SELECT * FROM (VALUES ('a', 1), ('b', 1), ('c', 0), ('d', 1), ('e', 0), ('f',"
                        + " 0), ('held out', NULL)) t (entity_key, label)")),
            "feature_engineering",
            Map.of(
                "feature-set",
                text(
                    "[{\"name\":\"recency\",\"description\":\"days\",\"sources\":[\"events.event_time\"]}]"))));
    return new ModelCard(
        "Churn",
        card.version(),
        card.pipelineStages(),
        card.qualityScore(),
        card.deploymentStatus(),
        card.evidence(),
        card.evidenceDigest(),
        status);
  }

  private ArtifactRef report() throws IOException {
    return text(
        """
        {"threshold": 0.5, "selected": "boosting", "features": ["recency"], "justification": ["best"],
         "leaderboard": [{"id": "boosting", "meanAuc": 0.8, "spread": 0.01}],
         "importance": {"permutationMethod": "loss of AUC",
           "features": [{"name": "<b>recency", "permutation": 0.2}]}}
        """);
  }

  private ArtifactRef text(String content) throws IOException {
    Path file = Files.createTempFile(folder, "text", ".json");
    Files.writeString(file, content);
    return put(file, "application/json");
  }

  private ArtifactRef parquet(String query) throws IOException, SQLException {
    Path file = folder.resolve(Digests.sha256(query.getBytes(StandardCharsets.UTF_8)) + ".parquet");
    try (DuckDb database = DuckDb.open(folder)) {
      database.writeParquet(query, file);
    }
    return put(file, "application/vnd.apache.parquet");
  }

  private ArtifactRef put(Path file, String mediaType) throws IOException {
    String key = String.valueOf(file.getFileName());
    store.put(key, file, mediaType);
    return new ArtifactRef(store.uri(key), Digests.sha256(file), Files.size(file), mediaType);
  }
}
