package dev.mlhandoff.card;

import dev.mlhandoff.card.RunRecord.DeploymentStep;
import dev.mlhandoff.card.RunRecord.StageRecord;
import dev.mlhandoff.card.RunRecord.Verdict;
import dev.mlhandoff.card.RunSummary.Status;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.ApprovalDecided;
import dev.mlhandoff.messages.PipelineEvent.ApprovalRefused;
import dev.mlhandoff.messages.PipelineEvent.DeploymentChanged;
import dev.mlhandoff.messages.PipelineEvent.DuplicateRequest;
import dev.mlhandoff.messages.PipelineEvent.GateEvaluated;
import dev.mlhandoff.messages.PipelineEvent.GovernanceEvaluated;
import dev.mlhandoff.messages.PipelineEvent.RolledBack;
import dev.mlhandoff.messages.ProjectOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells a run in the words of its readers. */
final class RunRecords {

  private RunRecords() {}

  static RunRecord record(Run run, @Nullable ProjectOutcome outcome) {
    Origin accepted = run.accepted().orElse(null);
    List<StageRecord> stages = StageFold.of(run);
    return new RunRecord(
        summary(run, outcome, stages),
        accepted == null ? null : accepted.request(),
        accepted == null ? null : accepted.source(),
        accepted == null ? null : accepted.parentRunId(),
        accepted == null ? null : accepted.retraining(),
        stages,
        verdicts(run),
        run.events(GovernanceEvaluated.class),
        run.parked().orElse(null),
        run.parked().isPresent() ? run.events(ApprovalRefused.class) : List.of(),
        run.events(ApprovalDecided.class),
        deployment(run),
        TrackingRecord.of(run),
        outcome);
  }

  static RunSummary summary(Run run, @Nullable ProjectOutcome outcome) {
    return summary(run, outcome, StageFold.of(run));
  }

  private static RunSummary summary(
      Run run, @Nullable ProjectOutcome outcome, List<StageRecord> stages) {
    Origin accepted = run.accepted().orElse(null);
    StageRecord last = stages.isEmpty() ? null : stages.get(stages.size() - 1);
    Instant startedAt =
        accepted == null
            ? run.events().stream()
                .map(PipelineEvent::occurredAt)
                .min(Comparator.naturalOrder())
                .orElseThrow()
            : accepted.occurredAt();
    Instant finishedAt = outcome == null ? null : outcome.finishedAt();
    DuplicateRequest repetition =
        run.events(DuplicateRequest.class).stream().findFirst().orElse(null);
    return new RunSummary(
        run.runId(),
        status(run, outcome),
        accepted == null ? null : accepted.request().name(),
        accepted == null ? null : accepted.modelId(),
        accepted == null ? null : accepted.version(),
        last == null ? null : last.stage(),
        last == null ? 0 : last.attempt(),
        startedAt,
        finishedAt,
        finishedAt == null ? null : Math.max(0, Duration.between(startedAt, finishedAt).toMillis()),
        outcome == null || outcome.rejection() == null ? null : outcome.rejection().code(),
        outcome == null ? null : outcome.cardKey(),
        repetition == null ? null : repetition.firstRunId());
  }

  private static Status status(Run run, @Nullable ProjectOutcome outcome) {
    if (outcome != null) {
      return Status.valueOf(outcome.status().name());
    }
    return run.parked().isPresent() ? Status.PARKED : Status.RUNNING;
  }

  private static List<Verdict> verdicts(Run run) {
    return run.events(GateEvaluated.class).stream()
        .map(
            gate ->
                new Verdict(
                    gate.attempt(),
                    gate.verdict(),
                    gate.score(),
                    gate.threshold(),
                    gate.dimensions(),
                    gate.reasons(),
                    gate.policyVersion(),
                    gate.occurredAt(),
                    gate.report()))
        .toList();
  }

  static List<DeploymentStep> deployment(Run run) {
    List<DeploymentStep> steps = new ArrayList<>();
    for (PipelineEvent event : run.events()) {
      if (event instanceof DeploymentChanged changed) {
        steps.add(
            new DeploymentStep(
                changed.occurredAt(), changed.to(), changed.revision(), changed.reason()));
      } else if (event instanceof RolledBack back
          && steps.stream().noneMatch(step -> step.revision() == back.revision())) {
        steps.add(
            new DeploymentStep(back.occurredAt(), "rolled back", back.revision(), back.reason()));
      }
    }
    return steps;
  }
}
