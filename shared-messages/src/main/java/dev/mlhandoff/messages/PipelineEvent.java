package dev.mlhandoff.messages;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in a run, published on {@code pipeline.events.v1} under the run's id. The
 * {@code eventId} is derived from what happened, so a repetition can be recognised.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = PipelineEvent.RunAccepted.class, name = "RunAccepted"),
  @JsonSubTypes.Type(value = PipelineEvent.RetrainOrdered.class, name = "RetrainOrdered"),
  @JsonSubTypes.Type(value = PipelineEvent.StageStarted.class, name = "StageStarted"),
  @JsonSubTypes.Type(value = PipelineEvent.StageProgress.class, name = "StageProgress"),
  @JsonSubTypes.Type(value = PipelineEvent.StageCompleted.class, name = "StageCompleted"),
  @JsonSubTypes.Type(value = PipelineEvent.StageFailed.class, name = "StageFailed"),
  @JsonSubTypes.Type(value = PipelineEvent.GateEvaluated.class, name = "GateEvaluated"),
  @JsonSubTypes.Type(value = PipelineEvent.GovernanceEvaluated.class, name = "GovernanceEvaluated"),
  @JsonSubTypes.Type(value = PipelineEvent.RunParked.class, name = "RunParked"),
  @JsonSubTypes.Type(value = PipelineEvent.ApprovalDecided.class, name = "ApprovalDecided"),
  @JsonSubTypes.Type(value = PipelineEvent.ApprovalRefused.class, name = "ApprovalRefused"),
  @JsonSubTypes.Type(value = PipelineEvent.Rejected.class, name = "Rejected"),
  @JsonSubTypes.Type(value = PipelineEvent.DuplicateRequest.class, name = "DuplicateRequest"),
  @JsonSubTypes.Type(value = PipelineEvent.DeploymentChanged.class, name = "DeploymentChanged"),
  @JsonSubTypes.Type(value = PipelineEvent.Promoted.class, name = "Promoted"),
  @JsonSubTypes.Type(value = PipelineEvent.RolledBack.class, name = "RolledBack"),
  @JsonSubTypes.Type(value = PipelineEvent.RollbackMeasured.class, name = "RollbackMeasured"),
  @JsonSubTypes.Type(value = PipelineEvent.AbTestDecided.class, name = "AbTestDecided"),
  @JsonSubTypes.Type(value = PipelineEvent.BatchScored.class, name = "BatchScored"),
  @JsonSubTypes.Type(value = PipelineEvent.DriftDetected.class, name = "DriftDetected"),
  @JsonSubTypes.Type(value = PipelineEvent.TrackingChanged.class, name = "TrackingChanged")
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface PipelineEvent {

  /** Deterministic id: a repeated event has the id of the first. */
  String eventId();

  /** The run it belongs to; also the record's key. */
  String runId();

  /** When it happened, by the clock of the service. */
  Instant occurredAt();

  /** POR took the request and claimed model id and version. */
  record RunAccepted(
      String eventId,
      String runId,
      Instant occurredAt,
      ProjectRequest request,
      RequestSource source,
      String modelId,
      String version,
      @Nullable String parentRunId)
      implements PipelineEvent {}

  /**
   * MOS began a run that trains a version again; no request stands behind it.
   *
   * @param request what the parent's requester asked, without the correlation id
   * @param parentRunId the run whose version serves
   * @param inherited what the data stages delivered to the parent, with the rows of this run
   */
  record RetrainOrdered(
      String eventId,
      String runId,
      Instant occurredAt,
      ProjectRequest request,
      String modelId,
      String version,
      String parentRunId,
      Retraining retraining,
      List<Deliverable> inherited)
      implements PipelineEvent {}

  /** A stage began its work; informational, may be repeated after a crash. */
  record StageStarted(
      String eventId, String runId, Instant occurredAt, String stage, String persona, int attempt)
      implements PipelineEvent {}

  /**
   * A stage is under way; informational.
   *
   * @param fraction share of the work that is done, 0 to 1
   */
  record StageProgress(
      String eventId,
      String runId,
      Instant occurredAt,
      String stage,
      String persona,
      int attempt,
      double fraction,
      String message)
      implements PipelineEvent {}

  /** A stage delivered; published in one transaction with the next handoff. */
  record StageCompleted(
      String eventId,
      String runId,
      Instant occurredAt,
      String modelId,
      String version,
      Deliverable deliverable,
      HopTimes times)
      implements PipelineEvent {}

  /**
   * A stage failed with something unexpected; a {@link Rejected} follows in the same transaction.
   */
  record StageFailed(
      String eventId,
      String runId,
      Instant occurredAt,
      String stage,
      String persona,
      int attempt,
      String code,
      String message)
      implements PipelineEvent {}

  /**
   * The quality gate judged an attempt.
   *
   * @param score the quality score, in [0, 1]: the lowest of the dimensions
   * @param dimensions score by dimension, each in [0, 1]
   * @param reasons one sentence for each thing that decided
   * @param comparison with the version that serves; only of a retrained version whose hold-out was
   *     scored
   */
  record GateEvaluated(
      String eventId,
      String runId,
      Instant occurredAt,
      int attempt,
      GateVerdict verdict,
      double score,
      double threshold,
      SortedMap<String, Double> dimensions,
      String policyVersion,
      List<String> reasons,
      @Nullable ArtifactRef report,
      @Nullable ChampionComparison comparison)
      implements PipelineEvent {}

  /**
   * The governance gate audited a run.
   *
   * @param score the quality score of the attempt, in [0, 1]
   * @param checks every check, also those that passed
   * @param reasons one sentence for each failed check
   */
  record GovernanceEvaluated(
      String eventId,
      String runId,
      Instant occurredAt,
      int attempt,
      GovernanceVerdict verdict,
      double score,
      double threshold,
      List<GovernanceCheck> checks,
      String policyVersion,
      List<String> reasons,
      @Nullable ArtifactRef report)
      implements PipelineEvent {}

  /**
   * The run waits for a human; after {@code expiresAt} it ends.
   *
   * @param stage the stage that parked it
   * @param needs the least that lets it on: approve, or waive after a hard stop
   * @param checks ids of the failed checks that wait for the decision
   */
  record RunParked(
      String eventId,
      String runId,
      Instant occurredAt,
      int attempt,
      String stage,
      String persona,
      Approval.Decision needs,
      double score,
      double threshold,
      List<String> checks,
      String policyVersion,
      List<String> reasons,
      Instant expiresAt)
      implements PipelineEvent {}

  /**
   * A parked run was decided on, once: it goes on, or a {@link Rejected} follows in the same
   * transaction.
   *
   * @param checks ids of the failed checks that the decision is about
   * @param reasons what was found, one sentence for each failed check
   * @param report the audit report that holds the decision
   */
  record ApprovalDecided(
      String eventId,
      String runId,
      Instant occurredAt,
      int attempt,
      Approval.Decision decision,
      String who,
      String why,
      double score,
      double threshold,
      List<String> checks,
      String policyVersion,
      List<String> reasons,
      @Nullable ArtifactRef report)
      implements PipelineEvent {}

  /**
   * A decision that changed nothing.
   *
   * @param code ALREADY_DECIDED, NOT_PARKED, WAIVER_NEEDED or INVALID_APPROVAL
   */
  record ApprovalRefused(
      String eventId,
      String runId,
      Instant occurredAt,
      Approval.@Nullable Decision decision,
      String who,
      String code,
      String message)
      implements PipelineEvent {}

  /**
   * The run ends without a model: a terminal decision.
   *
   * @param code a code of the README's list
   * @param pointer JSON pointer into the request, empty for the whole of it
   * @param history what was tried before, one sentence an attempt
   */
  record Rejected(
      String eventId,
      String runId,
      Instant occurredAt,
      String stage,
      String persona,
      int attempt,
      String code,
      String message,
      String pointer,
      List<String> history,
      @Nullable RequestSource source,
      @Nullable String correlationId)
      implements PipelineEvent {}

  /**
   * A request repeats an earlier one and gets that one's outcome. Keyed by the first run, so that
   * it is ordered with that run's events.
   *
   * @param runId the run of the repeated request
   * @param firstRunId the run that answers for both
   */
  record DuplicateRequest(
      String eventId,
      String runId,
      Instant occurredAt,
      String firstRunId,
      RequestSource source,
      @Nullable String correlationId)
      implements PipelineEvent {}

  /**
   * A deployment moved from one state to the next.
   *
   * @param revision the rising revision of the model's route
   */
  record DeploymentChanged(
      String eventId,
      String runId,
      Instant occurredAt,
      String modelId,
      String version,
      String from,
      String to,
      long revision,
      String reason)
      implements PipelineEvent {

    /** The reason where the judges passed a step on what the public asked. */
    public static final String PASSED_ON_PUBLIC = "passed on public requests";

    /** The reason where they passed it on rows of the training part. */
    public static final String PASSED_ON_REPLAY = "passed on replayed requests";
  }

  /** The version serves all of the traffic: a terminal decision. */
  record Promoted(
      String eventId,
      String runId,
      Instant occurredAt,
      String modelId,
      String version,
      long revision)
      implements PipelineEvent {}

  /** The version was taken out of traffic. */
  record RolledBack(
      String eventId,
      String runId,
      Instant occurredAt,
      String modelId,
      String version,
      long revision,
      String reason)
      implements PipelineEvent {}

  /**
   * A rollback's effect is known; informational.
   *
   * @param occurredAt when the version answered for the last time, or the decision if not after it
   * @param revision of the route that took the version out
   * @param stoppedAfterMs from the decision to the last public request that the version answered
   */
  record RollbackMeasured(
      String eventId,
      String runId,
      Instant occurredAt,
      String modelId,
      String version,
      long revision,
      long stoppedAfterMs)
      implements PipelineEvent {}

  /**
   * An A/B test ended, under the run of version B; informational.
   *
   * @param experiment id of the test
   * @param metric the registered metric
   * @param verdict A_BETTER, B_BETTER or NO_DIFFERENCE
   * @param samplesA entities of version A with a known outcome
   * @param difference of the metric, B less A, in [-1, 1]
   * @param lower end of its interval, which held at every look at once
   * @param significance the registered probability of a verdict without a difference
   */
  record AbTestDecided(
      String eventId,
      String runId,
      Instant occurredAt,
      String modelId,
      String experiment,
      String versionA,
      String versionB,
      String metric,
      String verdict,
      long samplesA,
      long samplesB,
      double difference,
      double lower,
      double upper,
      double significance,
      @Nullable ArtifactRef report)
      implements PipelineEvent {}

  /**
   * The current entities of a model were scored, under the run of the version; informational.
   *
   * @param date the day of the batch, in UTC
   * @param rows entities with features that counted
   * @param stale how many of them had features older than the limit
   * @param refused how many of them broke a rule and have no probability
   * @param predictionsDigest as in the {@link BatchManifest}
   */
  record BatchScored(
      String eventId,
      String runId,
      Instant occurredAt,
      String modelId,
      String version,
      LocalDate date,
      long rows,
      long stale,
      long refused,
      String predictionsDigest,
      ArtifactRef manifest)
      implements PipelineEvent {}

  /** What production sees no longer looks like what the model was trained on. */
  record DriftDetected(
      String eventId,
      String runId,
      Instant occurredAt,
      String modelId,
      String version,
      SortedMap<String, Double> statistics,
      String reason)
      implements PipelineEvent {}

  /**
   * The journal of an attempt met an experiment tracker; informational, never decides anything.
   *
   * @param state whether the tracker now has all of it, or will be tried again
   * @param tracker address of the tracking server
   * @param detail where the tracker has it, or why it has not
   */
  record TrackingChanged(
      String eventId,
      String runId,
      Instant occurredAt,
      int attempt,
      TrackingState state,
      String tracker,
      String detail)
      implements PipelineEvent {}

  /** How far the tracker is with an attempt. */
  enum TrackingState {
    TRACKED,
    DELAYED
  }
}
