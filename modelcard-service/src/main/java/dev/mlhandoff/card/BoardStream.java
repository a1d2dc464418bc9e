package dev.mlhandoff.card;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Tells open boards that something changed. It looks at how far events are folded, not at this
 * replica's own work: a board shows the runs of every replica.
 */
final class BoardStream implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(BoardStream.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(700);
  private static final int BEAT_EVERY = 20;

  private final RunStore runs;
  private final Set<SseEmitter> open = ConcurrentHashMap.newKeySet();
  private volatile boolean running;

  BoardStream(RunStore runs) {
    this.runs = runs;
  }

  SseEmitter open() {
    SseEmitter emitter = new SseEmitter(0L);
    emitter.onCompletion(() -> open.remove(emitter));
    emitter.onError(failure -> open.remove(emitter));
    open.add(emitter);
    send(emitter, "opened");
    return emitter;
  }

  @Override
  public void start() {
    running = true;
    Thread watcher = new Thread(this::watch, "board");
    watcher.setDaemon(true);
    watcher.start();
  }

  @Override
  public void stop() {
    running = false;
    open.forEach(SseEmitter::complete);
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Before the web server's graceful shutdown, which would wait for the open streams. */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }

  private void watch() {
    long known = -1;
    for (int looked = 1; running; looked++) {
      try {
        Thread.sleep(LOOK_EVERY.toMillis());
        if (open.isEmpty()) {
          continue;
        }
        long folded = runs.folded();
        if (folded != known) {
          open.forEach(emitter -> send(emitter, "changed"));
          known = folded;
        } else if (looked % BEAT_EVERY == 0) {
          // Finds connections that are gone.
          open.forEach(emitter -> send(emitter, "alive"));
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        log.debug("the board cannot look at the database", e);
      }
    }
  }

  private void send(SseEmitter emitter, String event) {
    try {
      emitter.send(SseEmitter.event().name(event).data(""));
    } catch (IOException | IllegalStateException e) {
      open.remove(emitter);
    }
  }
}
