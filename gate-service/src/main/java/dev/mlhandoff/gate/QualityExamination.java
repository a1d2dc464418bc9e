package dev.mlhandoff.gate;

import dev.mlhandoff.gate.quality.Evidence;
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
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Judges an attempt by its artifacts alone; may be done again at any time, with the same result.
 */
final class QualityExamination {

  private final QualityPolicy policy;
  private final StageHandoff handoff;
  private final ArtifactReader artifacts;
  private final Standard standard;

  QualityExamination(QualityPolicy policy, StageHandoff handoff, ArtifactReader artifacts) {
    this.policy = policy;
    this.handoff = handoff;
    this.artifacts = artifacts;
    this.standard = standard(policy, handoff);
  }

  /**
   * What was found.
   *
   * @param figures how many figures of the experiment report were computed again
   * @param opened what the hold-out said, if the attempt came that far
   * @param evidence null if it could not be read
   */
  record Finding(
      GateVerdict verdict,
      Judgement judgement,
      int figures,
      @Nullable Opened opened,
      @Nullable Evidence evidence) {}

  /** What an attempt of this handoff is held to. */
  static Standard standard(QualityPolicy policy, StageHandoff handoff) {
    SortedMap<String, Standard.Dimension> dimensions = new TreeMap<>();
    policy
        .dimensions()
        .forEach(
            (name, rule) ->
                dimensions.put(name, new Standard.Dimension(rule.minimum(), rule.retry())));
    return new Standard(
        RulingMetric.named(policy.rulingMetric()),
        policy.thresholdOf(handoff.request().qualityGate()),
        dimensions,
        policy.leakSuspicion());
  }

  Finding run(BiConsumer<Double, String> progress) throws IOException {
    progress.accept(0.1, "computing the evidence again");
    try {
      return judge(progress);
    } catch (EvidenceMismatchException e) {
      return new Finding(GateVerdict.EVIDENCE_MISMATCH, unreadable(e.reason()), 0, null, null);
    }
  }

  private Finding judge(BiConsumer<Double, String> progress)
      throws IOException, EvidenceMismatchException {
    ReportedAttempt attempt = ReportedAttempt.read(handoff, artifacts);
    progress.accept(0.4, "compared %d figures of the report".formatted(attempt.figures()));
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
      progress.accept(0.7, "scoring the hold-out, once");
      opened = open(attempt.bundle());
      verdict = opened.verdict(standard.threshold());
    }
    return new Finding(verdict, judgement, attempt.figures(), opened, attempt.evidence());
  }

  /** The hold-out decides, and in a retrain the comparison with the version that serves as well. */
  private Opened open(ModelBundle bundle) throws IOException, EvidenceMismatchException {
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

  private static Judgement unreadable(String reason) {
    List<String> mismatches = new ArrayList<>(List.of(reason));
    return new Judgement(
        0, new TreeMap<>(Map.of("evidence", 0.0)), Result.MISMATCH, mismatches, mismatches);
  }
}
