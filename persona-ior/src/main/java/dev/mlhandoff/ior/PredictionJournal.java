package dev.mlhandoff.ior;

import dev.mlhandoff.messages.PredictionLog;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.MessagePublisher;
import dev.mlhandoff.runtime.TransientException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.springframework.context.SmartLifecycle;

/** Sends predictions to their topic off the request's path; what does not fit is counted. */
final class PredictionJournal implements SmartLifecycle {

  private static final int CAPACITY = 10_000;

  private final BlockingQueue<PredictionLog> queue = new ArrayBlockingQueue<>(CAPACITY);
  private final MessagePublisher publisher;
  private final Counter dropped;
  private volatile boolean running;

  PredictionJournal(MessagePublisher publisher, MeterRegistry registry) {
    this.publisher = publisher;
    this.dropped = registry.counter("handoff.predictions.log.dropped");
  }

  void add(PredictionLog prediction) {
    if (!queue.offer(prediction)) {
      dropped.increment();
    }
  }

  @Override
  public void start() {
    running = true;
    Thread sender = new Thread(this::send, "prediction-journal");
    sender.setDaemon(true);
    sender.start();
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  private void send() {
    while (running || !queue.isEmpty()) {
      try {
        PredictionLog prediction = queue.poll(200, java.util.concurrent.TimeUnit.MILLISECONDS);
        if (prediction != null) {
          publisher.sendNow(Topics.PREDICTIONS, prediction.predictionId(), prediction);
        }
      } catch (TransientException e) {
        dropped.increment();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
