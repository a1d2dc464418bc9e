package dev.mlhandoff.ior;

import dev.mlhandoff.ior.Predictor.Row;
import dev.mlhandoff.ior.Router.Chosen;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Scores copies of requests with the version in the shadow, on a thread of its own: whatever that
 * version does, no answer waits for it. Copies that do not fit are counted.
 */
final class Shadow implements AutoCloseable {

  private static final int CAPACITY = 1000;

  private final ThreadPoolExecutor worker =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(CAPACITY),
          task -> {
            Thread thread = new Thread(task, "shadow");
            thread.setDaemon(true);
            return thread;
          });
  private final PredictionJournal journal;
  private final Counter dropped;

  Shadow(PredictionJournal journal, MeterRegistry registry) {
    this.journal = journal;
    this.dropped = registry.counter("handoff.predictions.shadow.dropped");
  }

  void score(Row row, Chosen shadow) {
    try {
      worker.execute(() -> run(row, shadow));
    } catch (RejectedExecutionException e) {
      dropped.increment();
    }
  }

  private void run(Row row, Chosen shadow) {
    long started = System.nanoTime();
    Row copy =
        new Row(UUID.randomUUID().toString(), row.entity(), shadow, row.record(), row.lookedUp());
    var bundle = shadow.model().bundle();
    try {
      double probability = bundle.probability(row.record());
      journal.add(copy, shadow, false, probability, bundle.decision(probability), started, null);
    } catch (RuntimeException e) {
      // Logged like a canary's failure: the version failed, and nobody was kept waiting.
      journal.add(copy, shadow, false, 0, false, started, shadow.model().version());
    }
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }
}
