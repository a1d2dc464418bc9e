package dev.mlhandoff.card;

import dev.mlhandoff.messages.PipelineEvent.Rejected;
import dev.mlhandoff.messages.Retraining;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What became of a version that is trained again, for the status of its card. */
final class RetrainStatus {

  private RetrainStatus() {}

  /** One entry a retrain: which version, why, and how it ended. */
  static List<SortedMap<String, Object>> of(List<Run> retrains) {
    List<SortedMap<String, Object>> entries = new ArrayList<>();
    for (Run retrain : retrains) {
      Origin origin = retrain.accepted().orElseThrow();
      SortedMap<String, Object> entry = new TreeMap<>();
      entry.put("run_id", origin.runId());
      entry.put("version", origin.version());
      entry.put("ordered_at", origin.occurredAt());
      entry.put("reason", reason(origin));
      entry.put(
          "state",
          retrain.promotion().isPresent()
              ? "promoted"
              : retrain.ending().isPresent() ? "rejected" : "running");
      retrain
          .ending()
          .map(RecordedEvent::event)
          .filter(Rejected.class::isInstance)
          .map(Rejected.class::cast)
          .ifPresent(
              rejected -> {
                entry.put("code", rejected.code());
                entry.put("message", rejected.message());
              });
      entries.add(entry);
    }
    return entries;
  }

  /** Rises with every change of the retrains. */
  static long revision(List<Run> retrains) {
    return retrains.size() + retrains.stream().filter(run -> run.ending().isPresent()).count();
  }

  /** Why the version that serves now was trained, if that was after this one. */
  static Optional<String> because(List<Run> retrains, String serving) {
    return retrains.stream()
        .filter(run -> run.promotion().isPresent())
        .map(run -> run.accepted().orElseThrow())
        .filter(origin -> origin.version().equals(serving))
        .map(RetrainStatus::reason)
        .findFirst();
  }

  private static String reason(Origin origin) {
    Retraining retraining = origin.retraining();
    return retraining == null ? "" : retraining.reason();
  }
}
