package dev.mlhandoff.gate;

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
import dev.mlhandoff.ml.metrics.RocAuc;
import dev.mlhandoff.ml.model.Model;
import dev.mlhandoff.ml.model.ModelFamilies;
import dev.mlhandoff.ml.model.ModelFamily;
import dev.mlhandoff.ml.pipeline.FeaturePipeline;
import dev.mlhandoff.ml.pipeline.PipelineFitter;
import dev.mlhandoff.ml.table.RawTable;
import dev.mlhandoff.runtime.Digests;
import dev.mlhandoff.runtime.FileArtifactStore;
import dev.mlhandoff.runtime.RejectionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** A small run that was trained as ESC trains, with everything that an audit reads. */
final class AuditedRun {

  private static final int ROWS = 600;
  private static final int FOLDS = 3;

  private final Path folder;
  private final FileArtifactStore store;
  private final Map<String, Map<String, ArtifactRef>> delivered = new TreeMap<>();
  private final double[] income = new double[ROWS];
  private final int[] labels = new int[ROWS];

  AuditedRun(Path folder) {
    this.folder = folder;
    this.store = new FileArtifactStore(folder.resolve("artifacts"));
  }

  void deliver() throws Exception {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < ROWS; i++) {
      income[i] = random.nextGaussian();
      labels[i] = random.nextDouble() < 1 / (1 + Math.exp(-2 * income[i])) ? 1 : 0;
    }
    ModelFamily family = ModelFamilies.named(ModelFamilies.BASELINE);
    double[] outOfFold = outOfFold(family);
    try (DuckDb database = DuckDb.open(folder)) {
      rows(database, outOfFold);
      parquet(
          database, StageIds.FEATURE_ENGINEERING, "features", "key, label, false, fold, income");
      parquet(database, StageIds.TRAINING, "oof-predictions", "key, score, score");
      parquet(database, StageIds.DATA_PIPELINE, "audit-attributes", "key, origin");
    }
    json("dataset-description", "{\"personalData\": [], \"protectedAttributes\": [\"origin\"]}");
    json("lineage", "[{\"column\": \"income\", \"sources\": [{\"column\": \"people.income\"}]}]");
    json("data-quality", "[]");
    put(
        StageIds.FEATURE_ENGINEERING,
        "feature-set",
        "[{\"name\": \"income\", \"sources\": [\"income\"]}]".getBytes(UTF_8));
    put(StageIds.TRAINING, "model-bundle", bundle(family, outOfFold));
    put(StageIds.TRAINING, "experiment-report", report(family, outOfFold));
    for (String stage :
        List.of(
            StageIds.DATA_PIPELINE,
            StageIds.FEATURE_ENGINEERING,
            StageIds.TRAINING,
            StageIds.QUALITY_GATE)) {
      put(stage, "spec", "{}".getBytes(UTF_8));
      put(stage, "spec-md", "#".getBytes(UTF_8));
    }
  }

  StageHandoff handoff(ProjectRequest request) {
    List<Deliverable> deliverables = new ArrayList<>();
    delivered.forEach(
        (stage, artifacts) ->
            deliverables.add(Deliverable.of(stage, "X", 1, "Done.", artifacts, Map.of())));
    return new StageHandoff(
        "run-0123456789abcdef",
        null,
        1,
        "GATE",
        "GCA",
        StageIds.GOVERNANCE,
        "Audit.",
        request,
        "loan",
        "1.0.0",
        deliverables);
  }

  Path fetch(ArtifactRef ref) throws IOException, RejectionException {
    Path copy = Files.createTempFile(folder, "copy", ".tmp");
    store.fetch(ref, copy);
    return copy;
  }

  /** Where an artifact is stored. */
  Path stored(String role) {
    return folder.resolve("artifacts").resolve(role);
  }

  private double[] outOfFold(ModelFamily family) {
    double[] scores = new double[ROWS];
    for (int fold = 0; fold < FOLDS; fold++) {
      int left = fold;
      int[] training = IntStream.range(0, ROWS).filter(i -> i % FOLDS != left).toArray();
      int[] validation = IntStream.range(0, ROWS).filter(i -> i % FOLDS == left).toArray();
      int[] known = IntStream.of(training).map(i -> labels[i]).toArray();
      RawTable table = table().select(training);
      FeaturePipeline pipeline = PipelineFitter.fit(table, known, 50);
      double[] found =
          family
              .train(
                  PipelineFitter.trainingInput(pipeline, table, known),
                  known,
                  family.defaults(),
                  42)
              .probabilities(pipeline.transform(table().select(validation)));
      for (int i = 0; i < validation.length; i++) {
        scores[validation[i]] = found[i];
      }
    }
    return scores;
  }

  private RawTable table() {
    return RawTable.builder(ROWS).numeric("income", income).build();
  }

  private byte[] bundle(ModelFamily family, double[] outOfFold) {
    FeaturePipeline pipeline = PipelineFitter.fit(table(), labels, 50);
    Model model =
        family.train(
            PipelineFitter.trainingInput(pipeline, table(), labels), labels, family.defaults(), 42);
    String features =
        delivered.getOrDefault(StageIds.FEATURE_ENGINEERING, Map.of()).entrySet().stream()
            .filter(entry -> entry.getKey().equals("features"))
            .findFirst()
            .orElseThrow()
            .getValue()
            .sha256();
    return ModelBundle.of(
            new ModelBundle.Description(
                1,
                family.name(),
                family.defaults(),
                0.5,
                features,
                Calibrator.fit(outOfFold, labels),
                pipeline),
            model)
        .toBytes(table().select(new int[] {0, 1, 2}));
  }

  private byte[] report(ModelFamily family, double[] outOfFold) {
    List<Double> foldAuc = new ArrayList<>();
    for (int fold = 0; fold < FOLDS; fold++) {
      int left = fold;
      int[] rows = IntStream.range(0, ROWS).filter(i -> i % FOLDS == left).toArray();
      foldAuc.add(
          RocAuc.of(
              IntStream.of(rows).mapToDouble(i -> outOfFold[i]).toArray(),
              IntStream.of(rows).map(i -> labels[i]).toArray()));
    }
    return Json.writePretty(
        Map.of(
            "selected",
            family.name(),
            "seed",
            42,
            "shuffledAuc",
            0.5,
            "shuffledStandardError",
            0.02,
            "leaderboard",
            List.of(
                Map.of(
                    "id",
                    family.name(),
                    "family",
                    family.name(),
                    "parameters",
                    family.defaults(),
                    "foldAuc",
                    foldAuc))));
  }

  private void rows(DuckDb database, double[] scores) throws Exception {
    StringBuilder values = new StringBuilder();
    for (int i = 0; i < ROWS; i++) {
      values.append(i == 0 ? "" : ", ");
      values.append(
          "('%04d', %d, %d, %s::DOUBLE, %s::DOUBLE, '%s')"
              .formatted(i, labels[i], i % FOLDS, income[i], scores[i], i % 2 == 0 ? "a" : "b"));
    }
    database.execute(
        "CREATE TABLE people AS SELECT * FROM (VALUES "
            + values
            + ") t(key, label, fold, income, score, origin)");
  }

  private void parquet(DuckDb database, String stage, String role, String columns)
      throws Exception {
    String named =
        columns
            .replace("key", "key AS entity_key")
            .replace("false", "false AS holdout")
            .replace(
                "score, score", "score AS " + ModelFamilies.BASELINE + ", score AS calibrated");
    Path file = folder.resolve(role + ".parquet");
    database.writeParquet("SELECT " + named + " FROM people ORDER BY key", file);
    put(stage, role, Files.readAllBytes(file));
  }

  private void json(String role, String content) throws IOException {
    put(StageIds.DATA_PIPELINE, role, content.getBytes(UTF_8));
  }

  private void put(String stage, String role, byte[] content) throws IOException {
    String key = role.startsWith("spec") ? stage + "-" + role : role;
    Path file = Files.write(folder.resolve("artifact.tmp"), content);
    store.put(key, file, "application/octet-stream");
    delivered
        .computeIfAbsent(stage, s -> new TreeMap<>())
        .put(
            role,
            new ArtifactRef(
                store.uri(key),
                Digests.sha256(content),
                content.length,
                "application/octet-stream"));
  }
}
