package dev.mlhandoff.messages;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One persona hands the project to the next. It carries the references of all earlier stages, so
 * that a run can be rebuilt from topics alone.
 *
 * @param runId the run; also the key of the record
 * @param parentRunId the run that this one retrains, if any
 * @param attempt training attempt, from 1
 * @param sender persona id of the sender
 * @param receiver persona id of the receiver
 * @param phase stage id of the receiver's stage
 * @param content the brief: what is asked of the receiver, with an excerpt of the last deliverable
 * @param modelId slug of the project's name
 * @param version claimed version, {@code major.minor.patch}
 * @param deliverables what every earlier stage delivered, oldest first
 * @param retraining why a version that serves is trained again; null in a requested run
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StageHandoff(
    String runId,
    @Nullable String parentRunId,
    int attempt,
    String sender,
    String receiver,
    String phase,
    String content,
    ProjectRequest request,
    String modelId,
    String version,
    List<Deliverable> deliverables,
    @Nullable Retraining retraining) {

  public StageHandoff {
    deliverables = List.copyOf(deliverables);
  }

  /** A handoff of a run that somebody requested. */
  public StageHandoff(
      String runId,
      @Nullable String parentRunId,
      int attempt,
      String sender,
      String receiver,
      String phase,
      String content,
      ProjectRequest request,
      String modelId,
      String version,
      List<Deliverable> deliverables) {
    this(
        runId,
        parentRunId,
        attempt,
        sender,
        receiver,
        phase,
        content,
        request,
        modelId,
        version,
        deliverables,
        null);
  }

  /**
   * The newest deliverable of a stage.
   *
   * @throws IllegalArgumentException if the stage delivered nothing yet
   */
  public Deliverable deliverable(String stage) {
    return find(stage)
        .orElseThrow(
            () -> new IllegalArgumentException("run " + runId + " has no deliverable of " + stage));
  }

  /** The newest deliverable of a stage, if it delivered. */
  public Optional<Deliverable> find(String stage) {
    Deliverable newest = null;
    for (Deliverable candidate : deliverables) {
      if (candidate.stage().equals(stage)
          && (newest == null || candidate.attempt() >= newest.attempt())) {
        newest = candidate;
      }
    }
    return Optional.ofNullable(newest);
  }

  /** The handoff that carries the run on, with what was just delivered. */
  public StageHandoff next(
      String nextSender, String nextReceiver, String nextPhase, String brief, Deliverable added) {
    List<Deliverable> all = new ArrayList<>(deliverables);
    all.add(added);
    return new StageHandoff(
        runId,
        parentRunId,
        attempt,
        nextSender,
        nextReceiver,
        nextPhase,
        brief,
        request,
        modelId,
        version,
        all,
        retraining);
  }

  /** The same handoff for a later attempt. */
  public StageHandoff withAttempt(int nextAttempt) {
    return new StageHandoff(
        runId,
        parentRunId,
        nextAttempt,
        sender,
        receiver,
        phase,
        content,
        request,
        modelId,
        version,
        deliverables,
        retraining);
  }
}
