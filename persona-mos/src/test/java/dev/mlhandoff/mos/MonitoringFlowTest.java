package dev.mlhandoff.mos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.ParquetTable;
import dev.mlhandoff.messages.Alert;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.MonitoringWindow.Kind;
import dev.mlhandoff.messages.PipelineEvent.DriftDetected;
import dev.mlhandoff.messages.PredictionLabel;
import dev.mlhandoff.messages.PredictionLog;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.ml.bundle.Calibrator;
import dev.mlhandoff.ml.bundle.ModelBundle;
import dev.mlhandoff.ml.model.ModelFamilies;
import dev.mlhandoff.ml.model.ModelFamily;
import dev.mlhandoff.ml.pipeline.FeaturePipeline;
import dev.mlhandoff.ml.pipeline.PipelineFitter;
import dev.mlhandoff.ml.table.RawTable;
import dev.mlhandoff.mos.monitoring.ConfirmedDrift;
import dev.mlhandoff.mos.rollout.Position;
import dev.mlhandoff.mos.rollout.Position.State;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.Digests;
import dev.mlhandoff.runtime.MessagePublisher;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.assertj.core.data.Index;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class MonitoringFlowTest {

  private static final String MODEL = "watched";
  private static final String VERSION = "1.0.0";
  private static final int WINDOW = 200;

  @TempDir Path folder;
  private final SplittableRandom random = new SplittableRandom(3);
  private int published;

  @Test
  void aChangeIsAlarmedConfirmedByTheNextWindowAndAnswered() throws Exception {
    try (FakeInference inference = new FakeInference();
        MosHarness mos =
            MosHarness.start(inference, folder, "--handoff.mos.monitoring.window=" + WINDOW)) {
      assertThat(get(mos, "none").statusCode()).isEqualTo(404);
      StageHandoff handoff = inProduction(mos);
      MonitoredWindows windows = mos.bean(MonitoredWindows.class);

      publish(mos, WINDOW, 0, true);
      awaitWindows(windows, 2);
      assertThat(windows.latest(MODEL, 10))
          .extracting(JudgedWindow::kind, w -> w.report().findings().size())
          .containsExactlyInAnyOrder(tuple(Kind.PREDICTIONS, 0), tuple(Kind.OUTCOMES, 0));

      publish(mos, WINDOW, 0.3, false);
      awaitWindows(windows, 4);
      awaitAlerts(mos, 3);
      assertThat(alerts(mos))
          .extracting(Alert::kind, Alert::severity, Alert::subject)
          .containsExactlyInAnyOrder(
              tuple(Alert.Kind.DRIFT, Alert.Severity.WARNING, "x"),
              tuple(Alert.Kind.DRIFT, Alert.Severity.WARNING, "(score)"),
              tuple(Alert.Kind.QUALITY, Alert.Severity.WARNING, "(quality)"));
      assertThat(mos.events(handoff)).noneMatch(DriftDetected.class::isInstance);

      publish(mos, 2 * WINDOW, 0.3, false);
      awaitWindows(windows, 8);
      awaitAlerts(mos, 6);
      assertThat(alerts(mos))
          .as("worse is told at once, the same only after the cool-down")
          .filteredOn(alert -> alert.severity() == Alert.Severity.CRITICAL)
          .extracting(Alert::subject)
          .containsExactlyInAnyOrder("x", "(score)", "(quality)");
      assertThat(alerts(mos)).hasSize(6);
      assertThat(mos.events(handoff))
          .filteredOn(DriftDetected.class::isInstance)
          .as("one of the features and scores, one of the quality")
          .hasSize(2);

      List<ConfirmedDrift> confirmed = confirmed(mos);
      assertThat(confirmed).hasSize(4);
      ConfirmedDrift first = confirmed.get(0);
      PredictionRecords records = mos.bean(PredictionRecords.class);
      assertThat(first.runId()).isEqualTo(handoff.runId());
      assertThat(records.labelledBetween(MODEL, VERSION, first.afterArrived(), first.upToArrived()))
          .as("the two windows that confirm each other")
          .hasSize(2 * WINDOW);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> mos.bean(MonitoredWindows.class).unanswered().isEmpty());

      assertThat(mos.read(Topics.MONITORING_WINDOWS))
          .filteredOn(window -> window.modelId().equals(MODEL))
          .as("every window is told, those without a finding as well")
          .hasSize(8)
          .allMatch(window -> window.runId().equals(handoff.runId()))
          .filteredOn(window -> window.kind() == Kind.PREDICTIONS)
          .extracting(window -> window.findings().isEmpty(), w -> w.stabilityIndex().keySet())
          .contains(tuple(true, Set.of("(score)", "x")), Index.atIndex(0))
          .contains(tuple(false, Set.of("(score)", "x")), Index.atIndex(1));

      HttpResponse<String> view = get(mos, MODEL);
      assertThat(view.statusCode()).isEqualTo(200);
      var entries = Json.tree(view.body().getBytes(StandardCharsets.UTF_8)).path("windows");
      assertThat(entries).hasSize(8);
      assertThat(view.body()).contains("\"falseAlarmRate\":0.01", "\"histograms\":{\"(score)\":");
    }
  }

  private static void awaitWindows(MonitoredWindows windows, int count) {
    await().atMost(Duration.ofSeconds(60)).until(() -> windows.latest(MODEL, 100).size() == count);
  }

  /** They are sent once the windows are stored, and events before them. */
  private static void awaitAlerts(MosHarness mos, int count) {
    await().atMost(Duration.ofSeconds(60)).until(() -> alerts(mos).size() >= count);
  }

  private static List<Alert> alerts(MosHarness mos) {
    return mos.read(Topics.ALERTS).stream()
        .filter(a -> a.modelId().equals(MODEL) && a.kind() != Alert.Kind.RETRAIN)
        .toList();
  }

  private static List<ConfirmedDrift> confirmed(MosHarness mos) {
    return mos
        .bean(JdbcClient.class)
        .sql("SELECT content::text FROM mos.confirmed_drifts ORDER BY at, id")
        .query(String.class)
        .list()
        .stream()
        .map(c -> Json.read(c.getBytes(StandardCharsets.UTF_8), ConfirmedDrift.class))
        .filter(drift -> drift.modelId().equals(MODEL))
        .toList();
  }

  private static HttpResponse<String> get(MosHarness mos, String model) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(mos.url() + "/monitoring/" + model)).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  /**
   * @param right whether what came true fits the probability
   */
  private void publish(MosHarness mos, int count, double shift, boolean right) {
    MessagePublisher publisher = mos.bean(MessagePublisher.class);
    for (int i = 0; i < count; i++) {
      String id = "watched-" + published++;
      double x = random.nextDouble();
      boolean positive = random.nextDouble() < x;
      publisher.sendSoon(
          Topics.PREDICTIONS,
          id,
          new PredictionLog(
              id,
              Instant.now(),
              MODEL,
              VERSION,
              "0011",
              "production",
              false,
              null,
              Map.of("x", x + shift),
              Math.min(1, x + shift),
              true,
              1.0,
              null),
          () -> {});
      publisher.sendSoon(
          Topics.PREDICTION_LABELS,
          id,
          new PredictionLabel(id, right == positive, Instant.now()),
          () -> {});
    }
  }

  /** A version that scores about its feature x, which is uniform in [0, 1]. */
  private StageHandoff inProduction(MosHarness mos) throws Exception {
    Path features = folder.resolve("watched.parquet");
    try (DuckDb database = DuckDb.open(folder)) {
      database.writeParquet(
          "SELECT 'e' || i AS entity_key, CAST(i % 4 = 0 AS INTEGER) AS holdout, 0 AS fold,"
              + " hash(i) % 100003 / 100003.0 AS x,"
              + " CAST(hash(i + 1000000) % 100019 / 100019.0 < x AS INTEGER) AS label"
              + " FROM range(4000) t(i)",
          features);
    }
    Path bundle = folder.resolve("watched.zip");
    Files.write(bundle, bundle(ParquetTable.read(features)));
    StageHandoff plain = mos.handoff(MODEL, VERSION, 10);
    StageHandoff handoff =
        new StageHandoff(
            plain.runId(),
            null,
            plain.attempt(),
            plain.sender(),
            plain.receiver(),
            plain.phase(),
            plain.content(),
            plain.request(),
            MODEL,
            VERSION,
            List.of(
                deliverable(StageIds.FEATURE_ENGINEERING, "FAR", "features", store(mos, features)),
                deliverable(StageIds.TRAINING, "ESC", "model-bundle", store(mos, bundle))));
    Deployments deployments = mos.bean(Deployments.class);
    deployments.stage(handoff);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                deployments.of(MODEL).stream()
                    .anyMatch(
                        d -> deployments.move(d, Position.at(State.PRODUCTION), "for the test")));
    return handoff;
  }

  private static Deliverable deliverable(
      String stage, String persona, String role, ArtifactRef artifact) {
    return Deliverable.of(stage, persona, 1, "", Map.of(role, artifact), Map.of());
  }

  private static ArtifactRef store(MosHarness mos, Path file) throws Exception {
    ArtifactStore artifacts = mos.bean(ArtifactStore.class);
    String key = "runs/watched/" + file.getFileName();
    artifacts.put(key, file, "application/octet-stream");
    return new ArtifactRef(
        artifacts.uri(key), Digests.sha256(file), Files.size(file), "application/octet-stream");
  }

  private static byte[] bundle(ParquetTable features) {
    RawTable table = RawTable.builder(features.rows()).numeric("x", features.numbers("x")).build();
    int[] labels = Arrays.stream(features.numbers("label")).mapToInt(l -> (int) l).toArray();
    FeaturePipeline pipeline = PipelineFitter.fit(table, labels, 5);
    ModelFamily family = ModelFamilies.named("logistic_regression");
    return ModelBundle.of(
            new ModelBundle.Description(
                1, family.name(), family.defaults(), 0.5, "digest", new Calibrator(1, 0), pipeline),
            family.train(pipeline.transform(table), labels, family.defaults(), 42))
        .toBytes(table.select(new int[] {0, 1, 2}));
  }
}
