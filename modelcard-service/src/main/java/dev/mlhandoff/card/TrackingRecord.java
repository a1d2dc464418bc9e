package dev.mlhandoff.card;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.PipelineEvent.StageCompleted;
import dev.mlhandoff.messages.PipelineEvent.TrackingChanged;
import dev.mlhandoff.messages.PipelineEvent.TrackingState;
import dev.mlhandoff.messages.StageIds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether an experiment tracker has an attempt.
 *
 * @param state in the journal only, met a tracker that did not take it yet, or tracked
 * @param journal what can be replayed at any time
 * @param tracker address of the tracker, once there was one
 * @param detail where the tracker has it, or why it has not
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record TrackingRecord(
    int attempt,
    State state,
    ArtifactRef journal,
    @Nullable String tracker,
    @Nullable String detail) {

  private static final String JOURNAL = "tracking-journal";

  /** How far the tracking is. */
  enum State {
    JOURNAL_ONLY,
    DELAYED,
    TRACKED
  }

  /** One record for each attempt that left a journal, in their order. */
  static List<TrackingRecord> of(Run run) {
    List<TrackingRecord> records = new ArrayList<>();
    for (StageCompleted completed : run.events(StageCompleted.class)) {
      ArtifactRef journal = completed.deliverable().artifacts().get(JOURNAL);
      if (completed.deliverable().stage().equals(StageIds.TRAINING) && journal != null) {
        int attempt = completed.deliverable().attempt();
        // Being tracked is final, in whatever order the two events come.
        TrackingChanged last =
            run.events(TrackingChanged.class).stream()
                .filter(changed -> changed.attempt() == attempt)
                .max(Comparator.comparing(changed -> changed.state() == TrackingState.TRACKED))
                .orElse(null);
        records.add(
            last == null
                ? new TrackingRecord(attempt, State.JOURNAL_ONLY, journal, null, null)
                : new TrackingRecord(
                    attempt,
                    State.valueOf(last.state().name()),
                    journal,
                    last.tracker(),
                    last.detail()));
      }
    }
    records.sort(Comparator.comparingInt(TrackingRecord::attempt));
    return records;
  }
}
