package dev.mlhandoff.runtime;

import dev.mlhandoff.messages.Json;
import io.opentelemetry.context.Context;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import tools.jackson.core.JacksonException;

/**
 * Does a piece of work at most once: what has a manifest is not done again, what crashed its JVM
 * three times is given up, and what outlasts the deadline is cancelled.
 */
final class StageWorker<I, O> {

  private static final Logger log = LoggerFactory.getLogger(StageWorker.class);

  private static final String JSON = "application/json";

  private final StageDefinition<I, O> definition;
  private final ArtifactStore artifacts;
  private final MessagePublisher publisher;
  private final Path workRoot;
  private final Clock clock;
  private final AbandonedWork abandoned;
  private final Starts starts;
  private final Duration grace;
  private final Set<Running<O>> underWay = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

  /** Work on its own thread, so that it can be waited for no longer than its deadline. */
  private record Running<O>(StageContext context, FutureTask<O> task, Thread thread) {
    void cancel() {
      context.cancel();
      task.cancel(true);
    }
  }

  StageWorker(
      StageDefinition<I, O> definition,
      ArtifactStore artifacts,
      MessagePublisher publisher,
      Path workRoot,
      AbandonedWork abandoned,
      Duration grace,
      Clock clock) {
    this.definition = definition;
    this.artifacts = artifacts;
    this.publisher = publisher;
    this.workRoot = workRoot;
    this.abandoned = abandoned;
    this.starts = new Starts(artifacts, definition.stage());
    this.grace = grace;
    this.clock = clock;
  }

  /** The manifest of this work, if it was done before. */
  Optional<Manifest> done(Work<I> work) {
    try {
      return artifacts
          .find(StageKeys.manifest(work, definition.stage()))
          .map(content -> Json.read(content, Manifest.class));
    } catch (IOException e) {
      throw new TransientException("the artifact store did not answer", e);
    }
  }

  /** Does this work; should somebody else have done it meanwhile, theirs is the manifest. */
  Manifest perform(Work<I> work) throws RejectionException {
    try (Starts.Start start = starts.begin(work)) {
      // Asked after the wait for neighbours, which may have lasted until the service stops.
      if (stopping) {
        start.forget();
        throw new TransientException("the service is stopping", null);
      }
      return perform(work, start);
    }
  }

  private Manifest perform(Work<I> work, Starts.Start start) throws RejectionException {
    try {
      Manifest manifest = run(work);
      Failpoint.BEFORE_MANIFEST.hit(definition.topic().name());
      String key = StageKeys.manifest(work, definition.stage());
      boolean first = artifacts.putIfAbsent(key, Json.write(manifest), JSON);
      Failpoint.AFTER_MANIFEST.hit(definition.topic().name());
      return first ? manifest : done(work).orElse(manifest);
    } catch (RejectionException | RuntimeException e) {
      // It ended, if badly: only a start that never ended counts as a crash.
      start.forget();
      throw e;
    } catch (IOException e) {
      start.forget();
      throw new TransientException("the artifact store did not answer", e);
    }
  }

  /** Cancels what is running; the record is rolled back and done by whoever gets it next. */
  void stop() {
    stopping = true;
    underWay.forEach(Running::cancel);
  }

  private Manifest run(Work<I> work) throws RejectionException {
    Instant started = clock.instant();
    TemporaryFolder folder = newFolder();
    StageContext context =
        new StageContext(
            definition.stage(),
            definition.persona(),
            work,
            artifacts,
            folder.path(),
            clock,
            publisher::sendNow);
    Running<O> running = start(work, context);
    underWay.add(running);
    try {
      O output = await(running);
      Instant finished = clock.instant();
      return new Manifest(
          Json.mapper().valueToTree(output),
          Duration.between(started, finished).toMillis(),
          finished);
    } finally {
      underWay.remove(running);
      delete(folder);
    }
  }

  private Running<O> start(Work<I> work, StageContext context) {
    var mdc = MDC.getCopyOfContextMap();
    Callable<O> doing =
        () -> {
          if (mdc != null) {
            MDC.setContextMap(mdc);
          }
          Failpoint.MID_WORK.hit(definition.topic().name());
          return definition.work().run(work.input(), context);
        };
    FutureTask<O> task = new FutureTask<>(Context.current().wrap(doing));
    Thread thread = new Thread(task, definition.stage() + "-" + work.runId());
    thread.setDaemon(true);
    thread.start();
    return new Running<>(context, task, thread);
  }

  private O await(Running<O> running) throws RejectionException {
    if (stopping) {
      running.cancel();
    }
    try {
      return running.task().get(definition.deadline().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      giveUp(running);
      throw new RejectionException(
          "STAGE_DEADLINE_EXCEEDED",
          "stage %s took longer than %s".formatted(definition.stage(), definition.deadline()),
          "");
    } catch (CancellationException e) {
      giveUp(running);
      throw new TransientException("the service is stopping", e);
    } catch (InterruptedException e) {
      giveUp(running);
      Thread.currentThread().interrupt();
      throw new TransientException("interrupted", e);
    } catch (ExecutionException e) {
      throw classify(e.getCause());
    }
  }

  /** Cancels the work and waits a while for it to end. */
  private void giveUp(Running<O> running) {
    running.cancel();
    try {
      running.thread().join(Math.max(1, grace.toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (running.thread().isAlive()) {
      log.error("{} ignores that it was cancelled", running.thread().getName());
      abandoned.add(running.thread());
    }
  }

  /** Two kinds of failure come out of a stage on purpose; everything else is a defect. */
  private RuntimeException classify(@Nullable Throwable failure) throws RejectionException {
    if (failure instanceof RejectionException rejection) {
      throw rejection;
    }
    if (failure instanceof Error error && !(error instanceof StackOverflowError)) {
      throw error;
    }
    if (failure instanceof TransientException transientFailure) {
      return transientFailure;
    }
    if (failure instanceof CancellationException && stopping) {
      return new TransientException("the service is stopping", failure);
    }
    if (failure instanceof JacksonException) {
      return new StageDefectException(definition.stage() + " read broken JSON", failure);
    }
    if (failure instanceof SQLNonTransientException) {
      return new StageDefectException(definition.stage() + " failed in SQL", failure);
    }
    if (failure instanceof IOException || failure instanceof SQLException) {
      return new TransientException(definition.stage() + " could not reach a resource", failure);
    }
    return new StageDefectException(
        definition.stage() + " failed unexpectedly",
        failure == null ? new IllegalStateException("no cause") : failure);
  }

  private TemporaryFolder newFolder() {
    try {
      return TemporaryFolder.in(workRoot, definition.stage());
    } catch (IOException e) {
      throw new TransientException("no room to work in", e);
    }
  }

  private static void delete(TemporaryFolder folder) {
    try {
      folder.close();
    } catch (IOException e) {
      log.warn("could not delete {}: {}", folder.path(), e.toString());
    }
  }
}
