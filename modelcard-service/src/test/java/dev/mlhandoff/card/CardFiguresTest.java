package dev.mlhandoff.card;

import static org.assertj.core.api.Assertions.assertThat;

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
  void showsWhatTheArtifactsSay() throws Exception {
    CardView view = CardView.of(card(report()), new EvidenceReader(store));

    assertThat(view.figures())
        .extracting(figure -> figure.chart().title())
        .containsExactly(
            "ROC curve",
            "Precision and recall",
            "Calibration",
            "Distribution of the score",
            "Lift",
            "Learning curve");
    assertThat(view.confusion()).isEqualTo(new Confusion(2, 1, 1, 2));
    assertThat(view.importance()).hasSize(1);
    assertThat(view.selected().path("meanAuc").asDouble()).isEqualTo(0.8);
  }

  @Test
  void thePageToMailHasAllWithinItselfAndEscapesWhatStrangersWrote() throws Exception {
    String page = CardView.of(card(report()), new EvidenceReader(store)).page(false);

    assertThat(page)
        .contains("&lt;b&gt;recency", "data-chart=\"{&#34;", "uPlot", "sha256-")
        .doesNotContain("<b>", "src=\"", "href=\"http", "href=\"/", "url(", "unsafe-inline");
  }

  @Test
  void anArtifactThatWasChangedGivesNoFigure() throws Exception {
    ArtifactRef report = report();
    ArtifactRef changed =
        new ArtifactRef(report.uri(), "0".repeat(64), report.bytes(), report.mediaType());
    ArtifactRef predictions = parquet("SELECT 'a' AS entity_key, 0.5 AS calibrated");
    EvidenceReader reader = new EvidenceReader(store);

    CardView view = CardView.of(card(changed), reader);
    assertThat(view.report().isMissingNode()).isTrue();
    assertThat(view.page(true)).doesNotContain("Leaderboard");
    assertThat(reader.charts(predictions, changed, 0.5)).isEqualTo(Charts.NONE);
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
         "learningCurve": [{"rows": 2, "meanAuc": 0.7, "spread": 0.1},
           {"rows": 6, "meanAuc": 0.8, "spread": 0.1}],
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
