package dev.mlhandoff.card;

import dev.mlhandoff.card.RunRecord.StageRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a run's time went: one bar a hop, each beginning where the ones before it ended.
 *
 * @param before milliseconds of the hops before this one
 * @param whole milliseconds of all hops
 */
record StageTimes(String name, long before, long queueMs, long workMs, long publishMs, long whole) {

  /** The hops that are done, in their order. */
  static List<StageTimes> of(List<StageRecord> stages) {
    long whole = 0;
    for (StageRecord stage : stages) {
      whole += total(stage);
    }
    List<StageTimes> hops = new ArrayList<>();
    long before = 0;
    for (StageRecord stage : stages) {
      Long queue = stage.queueMs();
      Long work = stage.workMs();
      Long publish = stage.publishMs();
      if (queue != null && work != null && publish != null) {
        String name =
            Format.words(stage.stage()) + (stage.attempt() > 1 ? " " + stage.attempt() : "");
        hops.add(new StageTimes(name, before, queue, work, publish, whole));
        before += total(stage);
      }
    }
    return hops;
  }

  String from() {
    return share(before);
  }

  String queueWidth() {
    return share(queueMs);
  }

  String workFrom() {
    return share(before + queueMs);
  }

  String workWidth() {
    return share(workMs);
  }

  String publishFrom() {
    return share(before + queueMs + workMs);
  }

  String publishWidth() {
    return share(publishMs);
  }

  private String share(long milliseconds) {
    return Format.width((double) milliseconds, (double) whole);
  }

  private static long total(StageRecord stage) {
    return stage.queueMs() == null || stage.workMs() == null || stage.publishMs() == null
        ? 0
        : stage.queueMs() + stage.workMs() + stage.publishMs();
  }
}
