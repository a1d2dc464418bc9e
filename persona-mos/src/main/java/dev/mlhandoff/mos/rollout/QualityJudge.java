package dev.mlhandoff.mos.rollout;

import dev.mlhandoff.ml.metrics.AucEstimate;
import dev.mlhandoff.ml.sequential.Interval;
import dev.mlhandoff.ml.sequential.MeanSequence;
import java.util.Optional;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Judges what is known of the true outcomes. Objects once the probabilities are certainly off on
 * average (of a calibrated one, outcome less probability has mean 0), or certainly fit worse than
 * the incumbent's by the Brier score; on replayed rows also if they certainly do not rank as well
 * as the gate asked.
 */
final class QualityJudge implements Judge {

  private static final double CALIBRATION_TOLERANCE = 0.05;
  private static final double BRIER_TOLERANCE = 0.01;

  private static final double ONE_SIDED =
      NormalDistribution.of(0, 1).inverseCumulativeProbability(1 - StepJudge.ALPHA);

  private final double lowestAuc;

  QualityJudge(double lowestAuc) {
    this.lowestAuc = lowestAuc;
  }

  @Override
  public Opinion judge(Evidence evidence) {
    Arm candidate = evidence.candidate();
    int labels = candidate.labels();
    if (labels == 0) {
      return Opinion.agrees();
    }
    Interval residual = MeanSequence.of(labels, candidate.residuals(), StepJudge.ALPHA);
    if (residual.leastMagnitude() > CALIBRATION_TOLERANCE) {
      return Opinion.objects(
          "calibration: outcomes are %+.3f beside the probabilities on average of %d"
              .formatted(candidate.residuals() / labels, labels));
    }
    Optional<AucEstimate> auc = evidence.replayed() ? candidate.auc() : Optional.empty();
    if (auc.isPresent() && highest(auc.get()) < lowestAuc) {
      return Opinion.objects(
          "quality: AUC-ROC on replayed rows is %.4f, at most %.4f, below %.4f"
              .formatted(auc.get().auc(), highest(auc.get()), lowestAuc));
    }
    Arm incumbent = evidence.incumbent();
    if (incumbent == null || incumbent.labels() == 0) {
      return Opinion.agrees();
    }
    Interval worse = brier(candidate).minus(brier(incumbent));
    return worse.lower() > BRIER_TOLERANCE
        ? Opinion.objects(
            "quality: Brier score %.4f, the incumbent's %.4f"
                .formatted(
                    candidate.brierLosses() / labels, incumbent.brierLosses() / incumbent.labels()))
        : Opinion.agrees();
  }

  /** Every step replays the same rows, so this is one look, however often it is taken. */
  private static double highest(AucEstimate auc) {
    return auc.auc() + ONE_SIDED * Math.sqrt(auc.variance());
  }

  private static Interval brier(Arm arm) {
    return MeanSequence.of(arm.labels(), arm.brierLosses(), StepJudge.ALPHA / 2);
  }
}
