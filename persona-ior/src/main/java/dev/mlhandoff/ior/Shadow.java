package dev.mlhandoff.ior;

import dev.mlhandoff.ior.Predictor.Row;
import dev.mlhandoff.ior.Router.Chosen;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Scores copies of requests with the version in the shadow, on a thread of its own: whatever that
 * version does, no answer waits for it. A copy's id is the request's with {@link #SUFFIX}, so that
 * what became of the one is known of the other. Copies that do not fit are counted.
 */
final class Shadow implements AutoCloseable {

  /** Ends the ids of copies in the prediction log. */
  static final String SUFFIX = "-shadow";

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
  private final Router router;
  private final OnlineFeatures features;
  private final PredictionJournal journal;
  private final Counter dropped;

  Shadow(
      Router router, OnlineFeatures features, PredictionJournal journal, MeterRegistry registry) {
    this.router = router;
    this.features = features;
    this.journal = journal;
    this.dropped = registry.counter("handoff.predictions.shadow.dropped");
  }

  /** The id of the request that a logged prediction is of. */
  static String request(String predictionId) {
    return predictionId.endsWith(SUFFIX)
        ? predictionId.substring(0, predictionId.length() - SUFFIX.length())
        : predictionId;
  }

  void score(Row row, Chosen shadow) {
    try {
      worker.execute(() -> run(row, shadow));
    } catch (RejectedExecutionException e) {
      dropped.increment();
    }
  }

  private void run(Row row, Chosen shadow) {
    if (!isInShadow(shadow)) {
      // It has moved on: what waits for it would only hold up the next one, longest if it is slow.
      return;
    }
    long started = System.nanoTime();
    var bundle = shadow.model().bundle();
    try {
      Map<String, @Nullable Object> record = record(row, shadow);
      if (!shadow.model().validator().check(record).violations().isEmpty()) {
        throw new IllegalArgumentException("a request that production reads breaks its rules");
      }
      double probability = bundle.probability(record);
      journal.add(
          copy(row, shadow, record, null),
          false,
          probability,
          bundle.decision(probability),
          started);
    } catch (RefusedException e) {
      if (e.isPassing()) {
        // Its features cannot be looked up now: that says nothing of the version.
        dropped.increment();
      } else {
        addFailure(row, shadow, started);
      }
    } catch (RuntimeException e) {
      addFailure(row, shadow, started);
    }
  }

  private boolean isInShadow(Chosen shadow) {
    return router
        .shadow(shadow.model().modelId())
        .filter(now -> now.model().version().equals(shadow.model().version()))
        .isPresent();
  }

  /** Logged like a canary's failure: the version failed, and nobody was kept waiting. */
  private void addFailure(Row row, Chosen shadow, long started) {
    Row failed = copy(row, shadow, row.record(), shadow.model().version());
    journal.add(failed, false, 0, false, started);
  }

  /** What it would have scored in production's place: each version reads features of its own. */
  private Map<String, @Nullable Object> record(Row row, Chosen shadow) {
    String entity = row.entity();
    return row.lookedUp() == null || entity == null
        ? row.record()
        : features.find(shadow.model(), entity).features();
  }

  private static Row copy(
      Row row, Chosen shadow, Map<String, @Nullable Object> record, @Nullable String failed) {
    return new Row(row.predictionId() + SUFFIX, row.entity(), shadow, record, null, failed);
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }
}
