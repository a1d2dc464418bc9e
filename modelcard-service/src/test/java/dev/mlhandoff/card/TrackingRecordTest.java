package dev.mlhandoff.card;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.card.TrackingRecord.State;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.HopTimes;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.StageCompleted;
import dev.mlhandoff.messages.PipelineEvent.TrackingChanged;
import dev.mlhandoff.messages.PipelineEvent.TrackingState;
import dev.mlhandoff.messages.StageIds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrackingRecordTest {

  private static final ArtifactRef JOURNAL =
      new ArtifactRef("s3://handoff/j", "a".repeat(64), 9, "application/x-ndjson");

  @Test
  void saysOfEachAttemptWhereItIs() {
    Run run =
        run(
            delivered(StageIds.TRAINING, 3, Map.of("tracking-journal", JOURNAL)),
            delivered(StageIds.TRAINING, 2, Map.of("tracking-journal", JOURNAL)),
            delivered(StageIds.TRAINING, 1, Map.of("tracking-journal", JOURNAL)),
            delivered(StageIds.TRAINING, 4, Map.of("spec", JOURNAL)),
            changed(1, TrackingState.TRACKED, "experiment 1"),
            changed(1, TrackingState.DELAYED, "down"),
            changed(2, TrackingState.DELAYED, "down"));

    assertThat(TrackingRecord.of(run))
        .containsExactly(
            new TrackingRecord(1, State.TRACKED, JOURNAL, "http://tracker", "experiment 1"),
            new TrackingRecord(2, State.DELAYED, JOURNAL, "http://tracker", "down"),
            new TrackingRecord(3, State.JOURNAL_ONLY, JOURNAL, null, null));
  }

  private static Run run(PipelineEvent... events) {
    List<RecordedEvent> recorded = new ArrayList<>();
    for (PipelineEvent event : events) {
      recorded.add(
          new RecordedEvent(new EventPosition("pipeline.events.v1", 0, recorded.size()), event));
    }
    return Run.of(recorded);
  }

  private static PipelineEvent delivered(
      String stage, int attempt, Map<String, ArtifactRef> artifacts) {
    return new StageCompleted(
        "run-a/" + stage + "/" + attempt + "/StageCompleted",
        "run-a",
        Instant.EPOCH,
        "churn",
        "1.0.0",
        Deliverable.of(stage, "ESC", attempt, "done", artifacts, Map.of()),
        new HopTimes(0, 0, 0));
  }

  private static PipelineEvent changed(int attempt, TrackingState state, String detail) {
    return new TrackingChanged(
        "run-a/training/" + attempt + "/" + state,
        "run-a",
        Instant.EPOCH,
        attempt,
        state,
        "http://tracker",
        detail);
  }
}
