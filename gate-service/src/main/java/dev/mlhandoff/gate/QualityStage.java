package dev.mlhandoff.gate;

import dev.mlhandoff.messages.QualityPolicy;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.runtime.Stage;
import dev.mlhandoff.runtime.StageContext;

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
    QualityExamination.Finding found =
        new QualityExamination(policy, handoff, new ArtifactReader(handoff, context))
            .run(context::progress);
    QualityOutput output = new QualityReport(policy, handoff, found).write(context);
    metrics.quality(output.verdict(), output.score(), output.dimensions());
    return output;
  }
}
