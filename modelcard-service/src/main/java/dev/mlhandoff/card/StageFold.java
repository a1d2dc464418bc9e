package dev.mlhandoff.card;

import dev.mlhandoff.card.RunRecord.Failure;
import dev.mlhandoff.card.RunRecord.StageRecord;
import dev.mlhandoff.card.RunRecord.StageStatus;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.HopTimes;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.Rejected;
import dev.mlhandoff.messages.PipelineEvent.RetrainOrdered;
import dev.mlhandoff.messages.PipelineEvent.StageCompleted;
import dev.mlhandoff.messages.PipelineEvent.StageProgress;
import dev.mlhandoff.messages.PipelineEvent.StageStarted;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Collects what the events say of one attempt of one stage. */
final class StageFold {

  private final String stage;
  private final String persona;
  private final int attempt;
  private @Nullable StageStarted started;
  private @Nullable StageProgress progress;
  private @Nullable StageCompleted completed;
  private @Nullable Rejected rejected;
  private @Nullable Deliverable inherited;
  private boolean parked;

  private StageFold(String stage, String persona, int attempt) {
    this.stage = stage;
    this.persona = persona;
    this.attempt = attempt;
  }

  /** One record a stage and attempt, in the order in which they are first mentioned. */
  static List<StageRecord> of(Run run) {
    Map<String, StageFold> folds = new LinkedHashMap<>();
    for (PipelineEvent event : run.events()) {
      if (event instanceof RetrainOrdered e) {
        for (Deliverable made : e.inherited()) {
          of(folds, made.stage(), made.persona(), made.attempt()).inherited = made;
        }
      } else if (event instanceof StageStarted e) {
        of(folds, e.stage(), e.persona(), e.attempt()).started = e;
      } else if (event instanceof StageProgress e) {
        of(folds, e.stage(), e.persona(), e.attempt()).progress = e;
      } else if (event instanceof StageCompleted e) {
        Deliverable made = e.deliverable();
        of(folds, made.stage(), made.persona(), made.attempt()).completed = e;
      } else if (event instanceof Rejected e) {
        of(folds, e.stage(), e.persona(), e.attempt()).rejected = e;
      }
    }
    run.parked().ifPresent(e -> of(folds, e.stage(), e.persona(), e.attempt()).parked = true);
    return folds.values().stream().map(StageFold::record).toList();
  }

  private static StageFold of(
      Map<String, StageFold> folds, String stage, String persona, int attempt) {
    return folds.computeIfAbsent(
        stage + "/" + attempt, key -> new StageFold(stage, persona, attempt));
  }

  private StageRecord record() {
    Deliverable made = completed == null ? inherited : completed.deliverable();
    HopTimes times = completed == null ? null : completed.times();
    return new StageRecord(
        stage,
        persona,
        attempt,
        status(),
        startedAt(),
        finishedAt(),
        times == null ? null : times.queueMs(),
        times == null ? null : times.workMs(),
        times == null ? null : times.publishMs(),
        made != null ? 1 : progress == null ? 0 : progress.fraction(),
        progress == null ? null : progress.message(),
        made == null ? null : made.summary(),
        made == null ? new TreeMap<>() : made.metrics(),
        made == null ? new TreeMap<>() : made.artifacts(),
        rejected == null
            ? null
            : new Failure(
                rejected.code(), rejected.message(), rejected.pointer(), rejected.history()));
  }

  private StageStatus status() {
    if (rejected != null) {
      return StageStatus.REJECTED;
    }
    if (parked) {
      return StageStatus.PARKED;
    }
    if (inherited != null) {
      return StageStatus.INHERITED;
    }
    return completed == null ? StageStatus.RUNNING : StageStatus.COMPLETED;
  }

  private @Nullable Instant startedAt() {
    if (started != null) {
      return started.occurredAt();
    }
    return completed == null
        ? null
        : completed.occurredAt().minusMillis(completed.times().workMs());
  }

  private @Nullable Instant finishedAt() {
    if (completed != null) {
      return completed.occurredAt();
    }
    return rejected == null ? null : rejected.occurredAt();
  }
}
