package dev.mlhandoff.gate;

import dev.mlhandoff.data.ParquetTable;
import dev.mlhandoff.gate.quality.Evidence;
import dev.mlhandoff.gate.quality.Judgement;
import dev.mlhandoff.gate.quality.QualityScore;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.GateVerdict;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.ml.bundle.BundleException;
import dev.mlhandoff.ml.bundle.ModelBundle;
import dev.mlhandoff.ml.metrics.RocAuc;
import dev.mlhandoff.ml.table.Kind;
import dev.mlhandoff.ml.table.RawColumn;
import dev.mlhandoff.ml.table.RawTable;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.runtime.Stage;
import dev.mlhandoff.runtime.StageContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Re-computes the evidence of an attempt, scores it, and opens the hold-out only if it passed. */
final class GateStage implements Stage<StageHandoff, GateOutput> {

  static final String POLICY_VERSION = "1";

  @Override
  public GateOutput run(StageHandoff handoff, StageContext context) throws Exception {
    Deliverable training = handoff.deliverable(StageIds.TRAINING);
    Deliverable data = handoff.deliverable(StageIds.DATA_PIPELINE);
    JsonNode report = Json.tree(context.read(training.artifact("experiment-report")));
    ParquetTable predictions =
        ParquetTable.read(context.fetch(training.artifact("oof-predictions")));
    ParquetTable dataset = ParquetTable.read(context.fetch(data.artifact("dataset")));
    double threshold = handoff.request().qualityGate().threshold();
    context.progress(0.3, "computing the evidence again");
    JsonNode selected = selected(report);
    Evidence evidence = evidence(report, predictions, dataset);
    Judgement judgement =
        QualityScore.of(evidence, claims(report, selected), threshold, handoff.request().seed());
    List<String> reasons = new ArrayList<>(judgement.reasons());
    GateVerdict verdict;
    SortedMap<String, Double> metrics = new TreeMap<>(judgement.dimensions());
    if (!judgement.mismatches().isEmpty()) {
      verdict = GateVerdict.EVIDENCE_MISMATCH;
    } else if (judgement.passes(threshold)) {
      context.progress(0.7, "scoring the hold-out, once");
      double holdout = holdout(handoff, context);
      metrics.put("holdout_auc", holdout);
      verdict = holdout >= threshold ? GateVerdict.PASSED : GateVerdict.HOLDOUT_FAILED;
      reasons.add("AUC-ROC on the hold-out is %.4f".formatted(holdout));
    } else {
      if (!judgement.beatsSingleFeature()) {
        reasons.add("the model is not better than the best single feature");
      }
      boolean last = handoff.attempt() >= handoff.request().qualityGate().maxAttempts();
      verdict = last ? GateVerdict.EXHAUSTED : GateVerdict.FAILED;
    }
    metrics.put("quality_score", judgement.score());
    Map<String, Object> content = new TreeMap<>();
    content.put("policyVersion", POLICY_VERSION);
    content.put("attempt", handoff.attempt());
    content.put("verdict", verdict);
    content.put("threshold", threshold);
    content.put("metrics", metrics);
    content.put("reasons", reasons);
    ArtifactRef gateReport =
        context.write("gate-report.json", Json.writePretty(content), "application/json");
    String summary =
        "Attempt %d: %s with a quality score of %.4f against %.4f. %s"
            .formatted(
                handoff.attempt(),
                verdict,
                judgement.score(),
                threshold,
                String.join("; ", reasons));
    return new GateOutput(
        verdict,
        judgement.score(),
        threshold,
        judgement.dimensions(),
        reasons,
        Deliverable.of(
            StageIds.QUALITY_GATE,
            "GATE",
            handoff.attempt(),
            summary,
            Map.of("gate-report", gateReport),
            metrics));
  }

  private static JsonNode selected(JsonNode report) throws RejectionException {
    for (JsonNode trial : report.path("leaderboard")) {
      if (trial.path("id").asString("").equals(report.path("selected").asString(""))) {
        return trial;
      }
    }
    throw new RejectionException(
        "EVIDENCE_MISMATCH", "the report selects a trial that is not on its leaderboard", "");
  }

  private static Evidence.Claims claims(JsonNode report, JsonNode selected) {
    List<Double> folds = new ArrayList<>();
    for (JsonNode value : selected.path("foldAuc")) {
      folds.add(value.asDouble());
    }
    JsonNode metrics = selected.path("metrics");
    return new Evidence.Claims(
        folds,
        metrics.path("auc_roc").asDouble(Double.NaN),
        metrics.path("average_precision").asDouble(Double.NaN),
        metrics.path("brier").asDouble(Double.NaN),
        report.path("calibrationError").asDouble(Double.NaN),
        report.path("bestSingleFeatureAuc").asDouble(Double.NaN));
  }

  /** Predictions of training, with labels and folds from the data pipeline. */
  private static Evidence evidence(JsonNode report, ParquetTable predictions, ParquetTable dataset)
      throws RejectionException {
    Map<String, Integer> rowOf = new HashMap<>();
    @Nullable String[] keys = dataset.texts("entity_key");
    double[] holdout = dataset.numbers("holdout");
    int training = 0;
    for (int i = 0; i < keys.length; i++) {
      if (holdout[i] == 0) {
        rowOf.put(String.valueOf(keys[i]), i);
        training++;
      }
    }
    @Nullable String[] predicted = predictions.texts("entity_key");
    int[] labels = new int[predicted.length];
    int[] fold = new int[predicted.length];
    for (int i = 0; i < predicted.length; i++) {
      Integer row = rowOf.remove(String.valueOf(predicted[i]));
      if (row == null) {
        throw new RejectionException(
            "EVIDENCE_MISMATCH", "a prediction is of no entity of the training part", "");
      }
      labels[i] = (int) dataset.numbers("label")[row];
      fold[i] = (int) dataset.numbers("fold")[row];
    }
    if (predicted.length != training) {
      throw new RejectionException(
          "EVIDENCE_MISMATCH",
          "%d of %d entities of the training part have predictions"
              .formatted(predicted.length, training),
          "");
    }
    return new Evidence(
        predictions.numbers(report.path("selected").asString("")),
        predictions.numbers("calibrated"),
        predictions.numbers("single_feature"),
        labels,
        fold);
  }

  private static double holdout(StageHandoff handoff, StageContext context) throws Exception {
    ModelBundle bundle;
    try {
      bundle =
          ModelBundle.read(
              context.fetch(handoff.deliverable(StageIds.TRAINING).artifact("model-bundle")));
    } catch (BundleException e) {
      throw new RejectionException("EVIDENCE_MISMATCH", String.valueOf(e.getMessage()), "");
    }
    ParquetTable features =
        ParquetTable.read(
            context.fetch(handoff.deliverable(StageIds.FEATURE_ENGINEERING).artifact("features")));
    ParquetTable answers =
        ParquetTable.read(
            context.fetch(handoff.deliverable(StageIds.DATA_PIPELINE).artifact("holdout-labels")));
    Map<String, Integer> labelOf = new HashMap<>();
    @Nullable String[] answerKeys = answers.texts("entity_key");
    for (int i = 0; i < answerKeys.length; i++) {
      labelOf.put(String.valueOf(answerKeys[i]), (int) answers.numbers("label")[i]);
    }
    @Nullable String[] keys = features.texts("entity_key");
    double[] held = features.numbers("holdout");
    int[] rows =
        java.util.stream.IntStream.range(0, keys.length).filter(i -> held[i] == 1).toArray();
    int[] labels = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      Integer label = labelOf.get(String.valueOf(keys[rows[i]]));
      if (label == null) {
        throw new RejectionException(
            "EVIDENCE_MISMATCH", "a hold-out entity has no label in the data pipeline", "");
      }
      labels[i] = label;
    }
    return RocAuc.of(bundle.probabilities(raw(bundle, features).select(rows)), labels);
  }

  private static RawTable raw(ModelBundle bundle, ParquetTable features) {
    RawTable.Builder builder = RawTable.builder(features.rows());
    for (RawColumn column : bundle.schema()) {
      if (column.kind() == Kind.NUMERIC) {
        builder.numeric(column.name(), features.numbers(column.name()));
      } else {
        builder.categorical(column.name(), features.texts(column.name()));
      }
    }
    return builder.build();
  }
}
