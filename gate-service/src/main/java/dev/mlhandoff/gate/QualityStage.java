package dev.mlhandoff.gate;

import dev.mlhandoff.gate.quality.Judgement;
import dev.mlhandoff.gate.quality.Judgement.Result;
import dev.mlhandoff.gate.quality.QualityScore;
import dev.mlhandoff.gate.quality.RulingMetric;
import dev.mlhandoff.gate.quality.Standard;
import dev.mlhandoff.messages.GateVerdict;
import dev.mlhandoff.messages.QualityPolicy;
import dev.mlhandoff.messages.Retraining;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.ml.bundle.ModelBundle;
import dev.mlhandoff.runtime.Stage;
import dev.mlhandoff.runtime.StageContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Re-computes the evidence of an attempt, scores it, and opens the hold-out only if it passed. */
final class QualityStage implements Stage<StageHandoff, QualityOutput> {

  private final QualityPolicy policy;
  private final GateMetrics metrics;

  QualityStage(QualityPolicy policy, GateMetrics metrics) {
    this.policy = policy;
    this.metrics = metrics;
  }

  @Override
  public QualityOutput run(StageHandoff handoff, StageContext context) throws Exception {
    QualityOutput output = judge(handoff, context);
    metrics.quality(output.verdict(), output.score(), output.dimensions());
    return output;
  }

  private QualityOutput judge(StageHandoff handoff, StageContext context) throws IOException {
    Standard standard = standard(policy.thresholdOf(handoff.request().qualityGate()));
    QualityReport report = new QualityReport(policy, standard, handoff);
    context.progress(0.1, "computing the evidence again");
    try {
      return judge(handoff, context, standard, report);
    } catch (EvidenceMismatchException e) {
      return report.write(GateVerdict.EVIDENCE_MISMATCH, unreadable(e.reason()), 0, null, context);
    }
  }

  private QualityOutput judge(
      StageHandoff handoff, StageContext context, Standard standard, QualityReport report)
      throws IOException, EvidenceMismatchException {
    ArtifactReader artifacts = new ArtifactReader(handoff, context);
    ReportedAttempt attempt = ReportedAttempt.read(handoff, artifacts);
    context.progress(0.4, "compared %d figures of the report".formatted(attempt.figures()));
    Judgement judgement =
        QualityScore.of(
            attempt.evidence(), attempt.mismatches(), standard, handoff.request().seed());
    GateVerdict verdict =
        switch (judgement.result()) {
          case MISMATCH -> GateVerdict.EVIDENCE_MISMATCH;
          case NOT_BETTER_THAN_SINGLE_FEATURE -> GateVerdict.NOT_BETTER_THAN_SINGLE_FEATURE;
          case FAILS -> GateVerdict.EXHAUSTED;
          case MAY_RETRY ->
              handoff.attempt() >= handoff.request().qualityGate().maxAttempts()
                  ? GateVerdict.EXHAUSTED
                  : GateVerdict.FAILED;
          case PASSES -> GateVerdict.PASSED;
        };
    @Nullable Opened opened = null;
    if (verdict == GateVerdict.PASSED) {
      context.progress(0.7, "scoring the hold-out, once");
      opened = open(handoff, attempt.bundle(), standard, artifacts);
      verdict = opened.verdict(standard.threshold());
    }
    return report.write(verdict, judgement, attempt.figures(), opened, context);
  }

  /** The hold-out decides, and in a retrain the comparison with the version that serves as well. */
  private Opened open(
      StageHandoff handoff, ModelBundle bundle, Standard standard, ArtifactReader artifacts)
      throws IOException, EvidenceMismatchException {
    HoldOut holdOut = HoldOut.open(artifacts);
    Retraining retraining = handoff.retraining();
    return new Opened(
        holdOut.score(bundle, standard.metric()),
        retraining == null
            ? null
            : holdOut.compare(
                bundle,
                artifacts.bundle(retraining.champion()),
                retraining.parentVersion(),
                standard.metric(),
                policy.nonInferiorityMargin(),
                handoff.request().seed()));
  }

  private Standard standard(double threshold) {
    SortedMap<String, Standard.Dimension> dimensions = new TreeMap<>();
    policy
        .dimensions()
        .forEach(
            (name, rule) ->
                dimensions.put(name, new Standard.Dimension(rule.minimum(), rule.retry())));
    return new Standard(
        RulingMetric.named(policy.rulingMetric()), threshold, dimensions, policy.leakSuspicion());
  }

  private static Judgement unreadable(String reason) {
    List<String> mismatches = new ArrayList<>(List.of(reason));
    return new Judgement(
        0,
        new TreeMap<>(java.util.Map.of("evidence", 0.0)),
        Result.MISMATCH,
        mismatches,
        mismatches);
  }
}
