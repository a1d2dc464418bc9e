package dev.mlhandoff.e2e.rollout;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ProjectRequest;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.ml.bundle.Calibrator;
import dev.mlhandoff.ml.bundle.ModelBundle;
import dev.mlhandoff.ml.model.Model;
import dev.mlhandoff.ml.model.ModelFamilies;
import dev.mlhandoff.ml.model.ModelFamily;
import dev.mlhandoff.ml.pipeline.FeaturePipeline;
import dev.mlhandoff.ml.pipeline.PipelineFitter;
import dev.mlhandoff.ml.table.RawTable;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Versions of one model over the feature x. The outcome of an entity is drawn with the probability
 * that the untouched model gives it, which is therefore calibrated.
 */
final class Versions {

  static final String MODEL = "leaving-customers";
  private static final int ROWS = 1000;

  private final ArtifactStore artifacts;
  private final Path folder;
  private final RawTable table;
  private final FeaturePipeline pipeline;
  private final ModelFamily family = ModelFamilies.named("logistic_regression");
  private final Model model;
  private final ModelBundle truth;

  Versions(ArtifactStore artifacts, Path folder) {
    this.artifacts = artifacts;
    this.folder = folder;
    double[] x = new double[ROWS];
    int[] labels = new int[ROWS];
    SplittableRandom random = new SplittableRandom(42);
    Arrays.setAll(x, i -> (double) i / ROWS);
    Arrays.setAll(labels, i -> random.nextDouble() < 1 / (1 + Math.exp(3 - 6 * x[i])) ? 1 : 0);
    table = RawTable.builder(ROWS).numeric("x", x).build();
    pipeline = PipelineFitter.fit(table, labels, 5);
    model = family.train(pipeline.transform(table), labels, family.defaults(), 42);
    truth = bundle("truth");
  }

  boolean outcome(int entity) {
    double probability = truth.probability(Map.of("x", OnlineRows.x(entity)));
    return new SplittableRandom(entity).nextDouble() < probability;
  }

  /**
   * The order to bring a version into production.
   *
   * @param digest which online rows it reads
   */
  StageHandoff handoff(String version, String digest, int latencyTargetMs) throws Exception {
    String run = "run-" + Digests.sha256(version.getBytes(UTF_8)).substring(0, 16);
    byte[] request =
        Json.write(
            Map.of(
                "name",
                MODEL,
                "dataset",
                "customers",
                "target",
                "left",
                "deadline",
                "Sprint 44",
                "rollout",
                Map.of("steps", List.of(50, 100)),
                "requirements",
                Map.of("latencyTargetMs", latencyTargetMs)));
    ArtifactRef features = features(run);
    // Nobody fetches it: its digest names the online rows.
    ArtifactRef online =
        new ArtifactRef(
            features.uri(), OnlineRows.of(digest), features.bytes(), "application/json");
    ArtifactRef bundle =
        put(run + "/model-bundle.zip", bundle(digest).toBytes(table), "application/zip");
    return new StageHandoff(
        run,
        null,
        1,
        "IOR",
        "MOS",
        StageIds.DEPLOYMENT,
        "Bring this model into production.",
        Json.read(request, ProjectRequest.class),
        MODEL,
        version,
        List.of(
            Deliverable.of(
                StageIds.FEATURE_ENGINEERING,
                "FAR",
                1,
                "",
                Map.of("features", features, "online-features", online),
                Map.of()),
            Deliverable.of(
                StageIds.TRAINING, "ESC", 1, "", Map.of("model-bundle", bundle), Map.of())));
  }

  private ModelBundle bundle(String digest) {
    return ModelBundle.of(
        new ModelBundle.Description(
            1, family.name(), family.defaults(), 0.5, digest, new Calibrator(1, 0), pipeline),
        model);
  }

  /** Rows of the training part, for the replay. */
  private ArtifactRef features(String run) throws Exception {
    StringBuilder rows = new StringBuilder();
    for (int entity = 0; entity < ROWS; entity++) {
      rows.append(entity == 0 ? "" : ", ")
          .append("('e%d', 0, 0, %s, %d)".formatted(entity, OnlineRows.x(entity), label(entity)));
    }
    Path file = folder.resolve(run + ".parquet");
    try (DuckDb database = DuckDb.open(folder)) {
      database.writeParquet(
          "SELECT * FROM (VALUES " + rows + ") t(entity_key, holdout, fold, x, label)", file);
    }
    return put(run + "/features.parquet", Files.readAllBytes(file), "application/parquet");
  }

  private int label(int entity) {
    return outcome(entity) ? 1 : 0;
  }

  private ArtifactRef put(String name, byte[] content, String mediaType) throws IOException {
    Path file = Files.createTempFile(folder, "artifact", ".tmp");
    Files.write(file, content);
    artifacts.put("runs/" + name, file, mediaType);
    return new ArtifactRef(
        artifacts.uri("runs/" + name), Digests.sha256(content), content.length, mediaType);
  }
}
