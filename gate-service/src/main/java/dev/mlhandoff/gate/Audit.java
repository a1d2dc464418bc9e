package dev.mlhandoff.gate;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.ParquetTable;
import dev.mlhandoff.gate.governance.CheckIds;
import dev.mlhandoff.gate.governance.DataQuality;
import dev.mlhandoff.gate.governance.Fairness;
import dev.mlhandoff.gate.governance.Finding;
import dev.mlhandoff.gate.governance.GovernancePolicy;
import dev.mlhandoff.gate.governance.Groups;
import dev.mlhandoff.gate.governance.LeakAlarms;
import dev.mlhandoff.gate.governance.Lineage;
import dev.mlhandoff.gate.governance.Refit;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.ml.bundle.ModelBundle;
import dev.mlhandoff.ml.pipeline.FittedFeature;
import dev.mlhandoff.ml.pipeline.PipelineFitter;
import dev.mlhandoff.ml.table.RawTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the evidence of a run and puts every check to it. */
final class Audit {

  private static final List<String> DOCUMENTED =
      List.of(
          StageIds.DATA_PIPELINE,
          StageIds.FEATURE_ENGINEERING,
          StageIds.TRAINING,
          StageIds.QUALITY_GATE);

  private final StageHandoff handoff;
  private final ArtifactReader artifacts;
  private final GovernancePolicy policy;
  private final double leakSuspicion;

  Audit(
      StageHandoff handoff,
      ArtifactReader artifacts,
      GovernancePolicy policy,
      double leakSuspicion) {
    this.handoff = handoff;
    this.artifacts = artifacts;
    this.policy = policy;
    this.leakSuspicion = leakSuspicion;
  }

  /**
   * What was found, and the groups it was found in.
   *
   * @param fairness null if the evidence could not be verified
   */
  record Result(List<Finding> findings, @Nullable Fairness fairness) {}

  /** Every check; only the first one if what the others would look at cannot be verified. */
  Result run(BiConsumer<Double, String> progress) throws IOException {
    progress.accept(0.05, "verifying every artifact");
    try {
      int verified = verify();
      ModelBundle bundle = artifacts.bundle(StageIds.TRAINING, "model-bundle");
      String trainedOn = artifacts.ref(StageIds.FEATURE_ENGINEERING, "features").sha256();
      if (!bundle.featureDigest().equals(trainedOn)) {
        throw new EvidenceMismatchException(
            "the model was trained on other features than the run has");
      }
      List<Finding> findings = new ArrayList<>();
      findings.add(
          Finding.of(
              CheckIds.ARTIFACTS_VERIFIED,
              true,
              "%d artifacts have their digests, and the model scores its golden rows as in training"
                  .formatted(verified),
              "training/model-bundle"));
      Fairness fairness = examine(bundle, findings, progress);
      return new Result(findings, fairness);
    } catch (EvidenceMismatchException | IllegalArgumentException e) {
      // A column or entry that should be there is not: what is left proves nothing.
      return new Result(
          List.of(
              Finding.of(
                  CheckIds.ARTIFACTS_VERIFIED,
                  false,
                  String.valueOf(e.getMessage()),
                  "training/model-bundle")),
          null);
    }
  }

  private int verify() throws IOException, EvidenceMismatchException {
    int verified = 0;
    for (Deliverable deliverable : handoff.deliverables()) {
      for (ArtifactRef ref : deliverable.artifacts().values()) {
        artifacts.file(ref);
        verified++;
      }
    }
    return verified;
  }

  private Fairness examine(
      ModelBundle bundle, List<Finding> findings, BiConsumer<Double, String> progress)
      throws IOException, EvidenceMismatchException {
    JsonNode description = artifacts.json(StageIds.DATA_PIPELINE, "dataset-description");
    JsonNode report = artifacts.json(StageIds.TRAINING, "experiment-report");
    Lineage lineage = lineage(bundle);
    findings.add(lineage.withoutPersonalData(texts(description.path("personalData"))));
    findings.add(lineage.complete());
    List<DataQuality.Check> checks = checks();
    findings.add(DataQuality.hardChecks(checks));
    findings.add(DataQuality.warnings(checks));

    TrainingRows rows = TrainingRows.read(artifacts, report.path("selected").asString(""));
    progress.accept(0.4, "looking for leaks");
    findings.add(leaks(bundle, report, rows, lineage));
    progress.accept(0.6, "comparing the groups of the protected attributes");
    Fairness fairness = fairness(bundle, description, rows);
    JsonNode favourable = description.path("favourableDecision");
    findings.add(fairness.equalOpportunity());
    findings.add(fairness.selectionRates(favourable.isNumber() ? favourable.asInt() : null));
    findings.add(fairness.groupAuc(handoff.request().qualityGate().threshold()));
    progress.accept(0.8, "training one fold again");
    findings.add(reproducible(report, rows));
    findings.add(documented());
    return fairness;
  }

  private Lineage lineage(ModelBundle bundle) throws IOException, EvidenceMismatchException {
    SortedMap<String, String> served = new TreeMap<>();
    for (FittedFeature feature : bundle.description().pipeline().features()) {
      served.put(feature.name(), feature.source());
    }
    Map<String, List<String>> candidates = new HashMap<>();
    for (JsonNode definition : artifacts.json(StageIds.FEATURE_ENGINEERING, "feature-set")) {
      candidates.put(definition.path("name").asString(""), texts(definition.path("sources")));
    }
    Map<String, List<String>> cleaned = new HashMap<>();
    for (JsonNode column : artifacts.json(StageIds.DATA_PIPELINE, "lineage")) {
      List<String> sources = new ArrayList<>();
      column.path("sources").forEach(source -> sources.add(source.path("column").asString("")));
      cleaned.put(column.path("column").asString(""), sources);
    }
    return new Lineage(served, candidates, cleaned);
  }

  private List<DataQuality.Check> checks() throws IOException, EvidenceMismatchException {
    List<DataQuality.Check> checks = new ArrayList<>();
    for (JsonNode check : artifacts.json(StageIds.DATA_PIPELINE, "data-quality")) {
      checks.add(
          new DataQuality.Check(
              check.path("check").asString(""),
              !check.path("severity").asString("").equals("WARN"),
              check.path("passed").asBoolean(false),
              check.path("observed").asString("")));
    }
    return checks;
  }

  private Finding leaks(ModelBundle bundle, JsonNode report, TrainingRows rows, Lineage lineage) {
    List<String> names =
        bundle.description().pipeline().features().stream().map(FittedFeature::name).toList();
    RawTable table = rows.table(bundle.schema());
    float[][] input =
        PipelineFitter.trainingInput(bundle.description().pipeline(), table, rows.labels());
    return LeakAlarms.finding(
        LeakAlarms.alone(names, input, rows.labels()),
        leakSuspicion,
        lineage,
        report.path("shuffledAuc").asDouble(Double.NaN),
        report.path("shuffledStandardError").asDouble(Double.NaN),
        reported(report));
  }

  /** Alarms of training that are not looked for again here. */
  private static List<String> reported(JsonNode report) {
    List<String> messages = new ArrayList<>();
    for (JsonNode alarm : report.path("alarms")) {
      String canary = alarm.path("canary").asString("");
      if (!canary.equals("single_feature") && !canary.equals("shuffled_target")) {
        messages.add(alarm.path("message").asString(canary));
      }
    }
    return messages;
  }

  private Fairness fairness(ModelBundle bundle, JsonNode description, TrainingRows rows)
      throws IOException, EvidenceMismatchException {
    SortedMap<String, SortedMap<String, int[]>> members = new TreeMap<>();
    if (!description.path("protectedAttributes").isEmpty()) {
      ParquetTable attributes = artifacts.table(StageIds.DATA_PIPELINE, "audit-attributes");
      int[] positions = rows.positionsIn(attributes.texts("entity_key"));
      for (ColumnInfo column : attributes.columns()) {
        if (column.name().equals("entity_key")) {
          continue;
        }
        if (column.isNumeric()) {
          double[] values = attributes.numbers(column.name());
          members.put(
              column.name(),
              Groups.of(
                  IntStream.of(positions).mapToDouble(p -> values[p]).toArray(),
                  policy.fairness().bands()));
        } else {
          @Nullable String[] values = attributes.texts(column.name());
          @Nullable String[] own = new @Nullable String[positions.length];
          for (int i = 0; i < own.length; i++) {
            own[i] = values[positions[i]];
          }
          members.put(column.name(), Groups.of(own));
        }
      }
    }
    JsonNode favourable = description.path("favourableDecision");
    return Fairness.of(
        policy.fairness(),
        members,
        rows.calibrated(),
        bundle.threshold(),
        rows.labels(),
        favourable.isNumber() ? favourable.asInt() : 1);
  }

  private Finding reproducible(JsonNode report, TrainingRows rows)
      throws EvidenceMismatchException {
    JsonNode selected = null;
    for (JsonNode trial : report.path("leaderboard")) {
      if (trial.path("id").asString("").equals(report.path("selected").asString(""))) {
        selected = trial;
      }
    }
    if (selected == null) {
      throw new EvidenceMismatchException("the selected trial is not on the leaderboard");
    }
    SortedMap<String, Double> parameters = new TreeMap<>();
    selected
        .path("parameters")
        .forEachEntry((name, value) -> parameters.put(name, value.asDouble()));
    Refit refit =
        Refit.of(
            rows.table(),
            rows.labels(),
            rows.fold(),
            rows.outOfFold(),
            new Refit.Recipe(
                selected.path("family").asString(""),
                parameters,
                handoff.request().requirements().topFeatures(),
                handoff.request().seed()));
    List<String> missing = new ArrayList<>();
    if (!report.path("seed").isNumber()) {
      missing.add("the seed");
    }
    if (handoff.version().isEmpty()) {
      missing.add("the version");
    }
    double claimed = selected.path("foldAuc").path(refit.fold()).asDouble(Double.NaN);
    return refit.finding(claimed, missing);
  }

  private Finding documented() {
    List<String> missing = new ArrayList<>();
    for (String stage : DOCUMENTED) {
      Deliverable deliverable = handoff.find(stage).orElse(null);
      if (deliverable == null) {
        missing.add(stage);
        continue;
      }
      if (deliverable.summary().isBlank()) {
        missing.add(stage + "/summary");
      }
      for (String role : List.of("spec", "spec-md")) {
        ArtifactRef document = deliverable.artifacts().get(role);
        if (document == null || document.bytes() == 0) {
          missing.add(stage + "/" + role);
        }
      }
    }
    return Finding.of(
        CheckIds.DOCUMENTED,
        missing.isEmpty(),
        missing.isEmpty()
            ? "every stage has its summary and its specification"
            : "missing: " + String.join(", ", missing),
        Map.of("missing", (double) missing.size()),
        "data_pipeline/spec-md",
        "feature_engineering/spec-md",
        "training/spec-md",
        "quality_gate/spec-md");
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.asString("")));
    return texts;
  }
}
