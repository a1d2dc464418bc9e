package dev.mlhandoff.ior;

import dev.mlhandoff.ior.Predictor.Row;
import dev.mlhandoff.ior.Router.Chosen;
import dev.mlhandoff.messages.Alert;
import dev.mlhandoff.messages.PredictionLog;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.Digests;
import dev.mlhandoff.runtime.MessagePublisher;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Sends predictions to their topic off the request's path. What does not fit into the buffer, or
 * the broker does not take, is counted and alarmed, at most once a minute.
 */
final class PredictionJournal implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(PredictionJournal.class);
  private static final int HASH_LENGTH = 16;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final Duration ALARM_INTERVAL = Duration.ofMinutes(1);
  private static final long STOP_MS = 2000;

  private final BlockingQueue<PredictionLog> queue;
  private final MessagePublisher publisher;
  private final double samplingRate;
  private final PredictionMetrics metrics;
  private final Counter dropped;
  private final Clock clock;
  private final Thread sender = new Thread(this::send, "prediction-journal");
  private double alarmed;
  private Instant lastAlarm = Instant.EPOCH;
  private volatile boolean running;

  /**
   * @param samplingRate share of the predictions that are logged, in [0, 1]; replays always are
   * @param capacity predictions that may wait, at least 1
   */
  PredictionJournal(
      MessagePublisher publisher,
      double samplingRate,
      int capacity,
      MeterRegistry registry,
      Clock clock) {
    this.publisher = publisher;
    this.queue = new ArrayBlockingQueue<>(capacity);
    this.samplingRate = samplingRate;
    this.metrics = new PredictionMetrics(registry);
    this.dropped = registry.counter("handoff.predictions.log.dropped");
    this.clock = clock;
  }

  /**
   * Takes a prediction to be logged; never waits.
   *
   * @param arrived {@link System#nanoTime} at the request's arrival
   */
  void add(Row row, boolean replay, double probability, boolean decision, long arrived) {
    if (!replay) {
      metrics.predicted(row.chosen().arm(), arrived, row.failedVersion());
    }
    if (!replay && !isSampled(Shadow.request(row.predictionId()))) {
      return;
    }
    String entity = row.entity();
    Chosen answering = row.chosen();
    PredictionLog prediction =
        new PredictionLog(
            row.predictionId(),
            clock.instant(),
            answering.model().modelId(),
            answering.model().version(),
            answering.model().bundle().featureDigest(),
            answering.arm(),
            replay,
            entity == null ? null : hash(entity),
            row.record(),
            probability,
            decision,
            (System.nanoTime() - arrived) / NANOS_PER_MILLI,
            row.failedVersion());
    if (!queue.offer(prediction)) {
      dropped.increment();
    }
  }

  @Override
  public void start() {
    running = true;
    sender.setDaemon(true);
    sender.start();
  }

  @Override
  public void stop() {
    running = false;
    try {
      sender.join(STOP_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!queue.isEmpty()) {
      dropped.increment(queue.size());
      log.warn("stopped with {} predictions that were not logged", queue.size());
    }
  }

  /** After the web server, whose last answers are logged too; phases stop in falling order. */
  @Override
  public int getPhase() {
    return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /**
   * By the request, so that it is in the log together with its copy in the shadow, or not at all.
   */
  private boolean isSampled(String requestId) {
    double place = (requestId.hashCode() & 0xffffffffL) / (double) (1L << 32);
    return place < samplingRate;
  }

  private static String hash(String entity) {
    return Digests.sha256(entity.getBytes(StandardCharsets.UTF_8)).substring(0, HASH_LENGTH);
  }

  private void send() {
    String model = "none";
    String version = "0.0.0";
    while (running || !queue.isEmpty()) {
      try {
        PredictionLog prediction = queue.poll(200, TimeUnit.MILLISECONDS);
        if (prediction != null) {
          model = prediction.modelId();
          version = prediction.version();
          publisher.sendSoon(
              Topics.PREDICTIONS, prediction.predictionId(), prediction, dropped::increment);
        }
        alarm(model, version);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        dropped.increment();
      }
    }
  }

  private void alarm(String model, String version) {
    double lost = dropped.count() - alarmed;
    Instant now = clock.instant();
    if (lost == 0 || now.isBefore(lastAlarm.plus(ALARM_INTERVAL))) {
      return;
    }
    alarmed += lost;
    lastAlarm = now;
    publisher.sendSoon(
        Topics.ALERTS,
        model,
        new Alert(
            "prediction-log/" + now,
            now,
            model,
            version,
            Alert.Kind.PREDICTION_LOG,
            Alert.Severity.WARNING,
            "prediction log",
            new TreeMap<>(Map.of("dropped", lost)),
            "%.0f predictions were not logged".formatted(lost)),
        () -> {});
  }
}
