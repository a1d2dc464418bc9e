package dev.mlhandoff.esc;

import dev.mlhandoff.esc.TrackingQueue.Waiting;
import dev.mlhandoff.messages.PipelineEvent.TrackingChanged;
import dev.mlhandoff.messages.PipelineEvent.TrackingState;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.runtime.MessagePublisher;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.runtime.StageKeys;
import dev.mlhandoff.tracking.ReplayResult;
import dev.mlhandoff.tracking.mlflow.MlflowException;
import dev.mlhandoff.tracking.mlflow.MlflowServer;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replays what waits into the tracking server, and comes back to what failed, ever more rarely. */
final class TrackingTask {

  private static final Logger log = LoggerFactory.getLogger(TrackingTask.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
  private static final int LONGEST_PAUSE_DOUBLINGS = 8;
  private static final String REPLAYS = "handoff.tracking.replays";
  private static final String OUTCOME = "outcome";
  private static final String TRACKED = "tracked";
  private static final String DELAYED = "delayed";

  private final TrackingQueue queue;
  private final AttemptReplay replay;
  private final MlflowServer server;
  private final MessagePublisher publisher;
  private final MeterRegistry registry;
  private final Clock clock;

  TrackingTask(
      TrackingQueue queue,
      AttemptReplay replay,
      MlflowServer server,
      MessagePublisher publisher,
      MeterRegistry registry,
      Clock clock) {
    this.queue = queue;
    this.replay = replay;
    this.server = server;
    this.publisher = publisher;
    this.registry = registry;
    this.clock = clock;
    for (String outcome : List.of(TRACKED, DELAYED)) {
      // From the start, so that the first one is seen as a rise.
      registry.counter(REPLAYS, OUTCOME, outcome);
    }
  }

  void replayDue() {
    for (Waiting waiting : queue.due(clock.instant())) {
      if (!replay(waiting) || Thread.currentThread().isInterrupted()) {
        return; // the others would only wait for the same server
      }
    }
  }

  /** Returns whether it is worth going on with the next one. */
  private boolean replay(Waiting waiting) {
    try {
      ReplayResult result = replay.replay(waiting.deliverable());
      announce(
          waiting,
          TrackingState.TRACKED,
          "experiment %s, run %s".formatted(result.experiment(), result.run()));
      queue.tracked(waiting);
      count(TRACKED);
      return true;
    } catch (MlflowException e) {
      delay(waiting, String.valueOf(e.getMessage()));
      return !e.isUnavailable();
    } catch (RejectionException e) {
      delay(waiting, e.code() + ": " + e.reason());
    } catch (IOException | RuntimeException e) {
      delay(waiting, e.toString());
    }
    return true;
  }

  private void delay(Waiting waiting, String reason) {
    Duration pause =
        FIRST_PAUSE.multipliedBy(1L << Math.min(waiting.tries(), LONGEST_PAUSE_DOUBLINGS));
    log.warn("{} is not tracked yet, next try in {}: {}", waiting.runId(), pause, reason);
    queue.failed(waiting, reason, clock.instant().plus(pause));
    count(DELAYED);
    if (waiting.tries() == 0) {
      announce(waiting, TrackingState.DELAYED, reason);
    }
  }

  private void announce(Waiting waiting, TrackingState state, String detail) {
    int attempt = waiting.deliverable().attempt();
    publisher.sendNow(
        new TrackingChanged(
            StageKeys.eventId(
                waiting.runId(), StageIds.TRAINING, attempt, "TrackingChanged-" + state),
            waiting.runId(),
            clock.instant(),
            attempt,
            state,
            server.address().toString(),
            detail));
  }

  private void count(String outcome) {
    registry.counter(REPLAYS, OUTCOME, outcome).increment();
  }
}
