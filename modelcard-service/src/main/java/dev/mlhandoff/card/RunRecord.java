package dev.mlhandoff.card;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.GateVerdict;
import dev.mlhandoff.messages.PipelineEvent.ApprovalDecided;
import dev.mlhandoff.messages.PipelineEvent.ApprovalRefused;
import dev.mlhandoff.messages.PipelineEvent.GovernanceEvaluated;
import dev.mlhandoff.messages.PipelineEvent.RunParked;
import dev.mlhandoff.messages.ProjectOutcome;
import dev.mlhandoff.messages.ProjectRequest;
import dev.mlhandoff.messages.RequestSource;
import dev.mlhandoff.messages.Retraining;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a run is and how it got there, as {@code /runs/{id}} gives it.
 *
 * @param retraining why the version before is trained again, if this run does so
 * @param stages one entry for each stage and attempt, in the order in which they began
 * @param verdicts what the quality gate said, by attempt
 * @param audits what the governance gate found
 * @param parked what the run waits for, while it waits for a human
 * @param refusals decisions that changed nothing, while the run waits
 * @param approvals what humans, or the clock, decided
 * @param deployment the states the version went through
 * @param tracking whether an experiment tracker has the attempts
 * @param outcome how it ended, once it has
 */
record RunRecord(
    @JsonUnwrapped RunSummary summary,
    @Nullable ProjectRequest request,
    @Nullable RequestSource source,
    @Nullable String parentRunId,
    @Nullable Retraining retraining,
    List<StageRecord> stages,
    List<Verdict> verdicts,
    List<GovernanceEvaluated> audits,
    @Nullable RunParked parked,
    List<ApprovalRefused> refusals,
    List<ApprovalDecided> approvals,
    List<DeploymentStep> deployment,
    List<TrackingRecord> tracking,
    @Nullable ProjectOutcome outcome) {

  /** How a stage's attempt stands. */
  enum StageStatus {
    RUNNING,
    /** Waits for a human. */
    PARKED,
    COMPLETED,
    REJECTED,
    /** Taken over from the run that this one trains again. */
    INHERITED
  }

  /**
   * One attempt of one stage.
   *
   * @param queueMs from the handoff's timestamp to its being taken; null until the stage is done
   * @param fraction share of the work that is done, 0 to 1
   * @param progress what the stage said last about its work
   */
  record StageRecord(
      String stage,
      String persona,
      int attempt,
      StageStatus status,
      @Nullable Instant startedAt,
      @Nullable Instant finishedAt,
      @Nullable Long queueMs,
      @Nullable Long workMs,
      @Nullable Long publishMs,
      double fraction,
      @Nullable String progress,
      @Nullable String summary,
      SortedMap<String, Double> metrics,
      SortedMap<String, ArtifactRef> artifacts,
      @Nullable Failure failure) {}

  /** Why a stage ended the run. */
  record Failure(String code, String message, String pointer, List<String> history) {}

  /** The gate's judgement of one attempt. */
  record Verdict(
      int attempt,
      GateVerdict verdict,
      double score,
      double threshold,
      SortedMap<String, Double> dimensions,
      List<String> reasons,
      String policyVersion,
      Instant at,
      @Nullable ArtifactRef report) {}

  /** A state that the deployment reached. */
  record DeploymentStep(Instant at, String state, long revision, String reason) {}
}
