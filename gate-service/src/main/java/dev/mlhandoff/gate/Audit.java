package dev.mlhandoff.gate;

import dev.mlhandoff.gate.governance.CheckIds;
import dev.mlhandoff.gate.governance.DataQuality;
import dev.mlhandoff.gate.governance.Fairness;
import dev.mlhandoff.gate.governance.Finding;
import dev.mlhandoff.gate.governance.GovernancePolicy;
import dev.mlhandoff.gate.governance.LeakAlarms;
import dev.mlhandoff.gate.governance.Lineage;
import dev.mlhandoff.gate.governance.Refit;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.QualityPolicy;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.ml.bundle.ModelBundle;
import dev.mlhandoff.ml.pipeline.FittedFeature;
import dev.mlhandoff.ml.pipeline.PipelineFitter;
import dev.mlhandoff.ml.table.RawTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Puts every check to the evidence of a run. */
final class Audit {

  private final StageHandoff handoff;
  private final ArtifactReader artifacts;
  private final GovernancePolicy policy;
  private final QualityPolicy quality;

  Audit(
      StageHandoff handoff,
      ArtifactReader artifacts,
      GovernancePolicy policy,
      QualityPolicy quality) {
    this.handoff = handoff;
    this.artifacts = artifacts;
    this.policy = policy;
    this.quality = quality;
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
    DatasetEvidence dataset = DatasetEvidence.read(artifacts);
    ReportedExperiment report = ReportedExperiment.read(artifacts);
    Lineage lineage = dataset.lineage(bundle);
    findings.add(lineage.withoutPersonalData(dataset.personalData()));
    findings.add(lineage.complete());
    List<DataQuality.Check> checks = dataset.checks();
    findings.add(DataQuality.hardChecks(checks));
    findings.add(DataQuality.warnings(checks));

    TrainingRows rows = TrainingRows.read(artifacts, report.selected());
    progress.accept(0.4, "looking for leaks");
    findings.add(leaks(bundle, report, rows, lineage));
    progress.accept(0.6, "comparing the groups of the protected attributes");
    Integer favourable = dataset.favourableDecision();
    Fairness fairness =
        Fairness.of(
            policy.fairness(),
            dataset.groups(rows, policy.fairness()),
            rows.calibrated(),
            bundle.threshold(),
            rows.labels(),
            favourable == null ? 1 : favourable);
    findings.add(fairness.equalOpportunity());
    findings.add(fairness.selectionRates(favourable));
    findings.add(fairness.groupAuc(quality.thresholdOf(handoff.request().qualityGate())));
    progress.accept(0.8, "training one fold again");
    findings.add(reproducible(report, rows));
    findings.add(Documentation.finding(handoff));
    return fairness;
  }

  private Finding leaks(
      ModelBundle bundle, ReportedExperiment report, TrainingRows rows, Lineage lineage) {
    List<String> names =
        bundle.description().pipeline().features().stream().map(FittedFeature::name).toList();
    RawTable table = rows.table(bundle.schema());
    float[][] input =
        PipelineFitter.trainingInput(bundle.description().pipeline(), table, rows.labels());
    return LeakAlarms.finding(
        LeakAlarms.alone(names, input, rows.labels()),
        quality.leakSuspicion(),
        lineage,
        report.shuffledAuc(),
        report.shuffledStandardError(),
        report.alarms());
  }

  private Finding reproducible(ReportedExperiment report, TrainingRows rows) {
    Refit refit =
        Refit.of(
            rows.table(),
            rows.labels(),
            rows.fold(),
            rows.outOfFold(),
            new Refit.Recipe(
                report.family(),
                report.parameters(),
                handoff.request().requirements().topFeatures(),
                handoff.request().seed()));
    List<String> missing = new ArrayList<>();
    if (!report.hasSeed()) {
      missing.add("the seed");
    }
    if (handoff.version().isEmpty()) {
      missing.add("the version");
    }
    return refit.finding(report.claimed(refit.fold()), missing);
  }
}
