package dev.mlhandoff.runtime;

import dev.mlhandoff.messages.HopTimes;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.Rejected;
import dev.mlhandoff.messages.PipelineEvent.StageCompleted;
import dev.mlhandoff.messages.PipelineEvent.StageFailed;
import dev.mlhandoff.messages.PipelineEvent.StageStarted;
import dev.mlhandoff.runtime.StageDefinition.Completion;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The shell around one stage. {@link #handle} is called inside the container's Kafka transaction:
 * nothing is sent in it before the work is done, and what is sent commits together with the
 * record's offset.
 */
public final class StageRunner<I, O> {

  private static final Logger log = LoggerFactory.getLogger(StageRunner.class);

  private final StageDefinition<I, O> definition;
  private final StageWorker<I, O> worker;
  private final MessagePublisher publisher;
  private final StageMetrics metrics;
  private final Commits commits;
  private final RunSpans spans;
  private final Clock clock;

  StageRunner(
      StageDefinition<I, O> definition,
      StageWorker<I, O> worker,
      MessagePublisher publisher,
      StageMetrics metrics,
      Commits commits,
      RunSpans spans,
      Clock clock) {
    this.definition = definition;
    this.worker = worker;
    this.publisher = publisher;
    this.metrics = metrics;
    this.commits = commits;
    this.spans = spans;
    this.clock = clock;
  }

  /**
   * Works on one record. Returns normally once outcome or rejection is in the transaction; throws
   * what the container shall retry.
   */
  public void handle(ConsumerRecord<byte[], byte[]> record) {
    Failpoint.AFTER_POLL.hit(definition.topic().name());
    Instant takenAt = clock.instant();
    metrics.began();
    Hop hop;
    try {
      hop = handle(definition.reader().read(record), record, takenAt);
    } catch (RejectionException e) {
      // The record could not even be read, so it names no run but its own position.
      Work<?> unreadable = unreadable(record);
      hop = refused(unreadable, record, takenAt, takenAt, e);
      inTrace(
          unreadable,
          () -> {
            reject(unreadable, e);
            return unreadable;
          });
    } finally {
      metrics.ended();
    }
    Failpoint.AFTER_SEND.hit(definition.topic().name());
    Hop handled = hop;
    commits.afterCommit(
        () -> {
          Failpoint.AFTER_COMMIT.hit(definition.topic().name());
          Instant committedAt = clock.instant();
          metrics.published(Duration.between(handled.readyAt(), committedAt));
          spans.handled(definition, record, handled, committedAt);
        });
  }

  private Hop handle(Work<I> work, ConsumerRecord<?, ?> record, Instant takenAt) {
    MDC.put("runId", work.runId());
    MDC.put("traceId", RunTrace.traceId(work.runId()));
    MDC.put("stage", definition.stage());
    try {
      return inTrace(work, () -> hop(work, record, takenAt));
    } finally {
      MDC.remove("runId");
      MDC.remove("traceId");
      MDC.remove("stage");
    }
  }

  private Hop hop(Work<I> work, ConsumerRecord<?, ?> record, Instant takenAt) {
    try {
      Optional<Manifest> done = worker.done(work);
      boolean resumed = done.isPresent();
      // The parts of a stage's work do not announce the stage anew.
      if (!resumed && work.part().isEmpty()) {
        publisher.sendNow(
            new StageStarted(
                definition.eventId(work, StageStarted.class),
                work.runId(),
                takenAt,
                definition.stage(),
                definition.persona(),
                work.attempt()));
      }
      Manifest manifest = resumed ? done.get() : worker.perform(work);
      O output = Json.convert(manifest.output(), definition.outputType());
      long queueMs = queueMs(record, takenAt);
      publish(work, output, manifest, queueMs);
      metrics.completed(queueMs, manifest.workMs(), work.attempt(), resumed);
      Instant readyAt = resumed ? takenAt : manifest.finishedAt();
      return new Hop(work, takenAt, readyAt, queueMs, manifest.workMs(), resumed, null);
    } catch (RejectionException e) {
      Instant decidedAt = clock.instant();
      fail(work, e);
      return refused(work, record, takenAt, decidedAt, e);
    }
  }

  private static Hop refused(
      Work<?> work,
      ConsumerRecord<?, ?> record,
      Instant takenAt,
      Instant decidedAt,
      RejectionException e) {
    return new Hop(work, takenAt, decidedAt, queueMs(record, takenAt), 0, false, e.code());
  }

  private static long queueMs(ConsumerRecord<?, ?> record, Instant takenAt) {
    return Math.max(0, takenAt.toEpochMilli() - record.timestamp());
  }

  /** What is sent meanwhile names the span of this work as its parent. */
  private <T> T inTrace(Work<?> work, Supplier<T> action) {
    SpanContext span = RunTrace.work(definition.topic().name(), work);
    return Context.current().with(Span.wrap(span)).wrapSupplier(action).get();
  }

  private void publish(Work<I> work, O output, Manifest manifest, long queueMs) {
    for (Emission emission : definition.routing().route(work, output)) {
      publisher.send(emission);
    }
    Optional<Completion> completion = definition.completion().of(work, output);
    if (completion.isPresent()) {
      long publishMs = Duration.between(manifest.finishedAt(), clock.instant()).toMillis();
      publisher.send(
          new StageCompleted(
              definition.eventId(work, StageCompleted.class),
              work.runId(),
              manifest.finishedAt(),
              completion.get().modelId(),
              completion.get().version(),
              completion.get().deliverable(),
              new HopTimes(
                  queueMs,
                  completion.get().earlierMs() + manifest.workMs(),
                  Math.max(0, publishMs))));
    }
  }

  private void fail(Work<I> work, RejectionException e) {
    if (definition.failure() == null) {
      reject(work, e);
      return;
    }
    log.info("{} {} failed: {} {}", work.runId(), work.part(), e.code(), e.reason());
    definition.failure().answer(work, e).forEach(publisher::send);
    metrics.rejected(e.code());
  }

  private void reject(Work<?> work, RejectionException e) {
    log.info("{} rejected at {}: {} {}", work.runId(), definition.stage(), e.code(), e.reason());
    publisher.send(rejected(work, e));
    metrics.rejected(e.code());
  }

  /** Called in a transaction of its own once a record was given up; the record is dead-lettered. */
  void giveUp(ConsumerRecord<byte[], byte[]> record, String code, String message) {
    Failpoint.IN_RECOVERER.hit(definition.topic().name());
    RejectionException failure = new RejectionException(code, message, "");
    try {
      Work<I> work = definition.reader().read(record);
      if (definition.failure() == null) {
        announceFailure(work, code, message);
      }
      fail(work, failure);
    } catch (RejectionException e) {
      Work<?> work = unreadable(record);
      announceFailure(work, code, message);
      reject(work, failure);
    }
  }

  private void announceFailure(Work<?> work, String code, String message) {
    publisher.send(
        new StageFailed(
            definition.eventId(work, StageFailed.class),
            work.runId(),
            clock.instant(),
            definition.stage(),
            definition.persona(),
            work.attempt(),
            code,
            message));
  }

  String persona() {
    return definition.persona();
  }

  boolean worksOn(String topic) {
    return definition.topic().name().equals(topic);
  }

  private PipelineEvent rejected(Work<?> work, RejectionException e) {
    return new Rejected(
        definition.eventId(work, Rejected.class),
        work.runId(),
        clock.instant(),
        definition.stage(),
        definition.persona(),
        work.attempt(),
        e.code(),
        e.reason(),
        e.pointer(),
        e.history(),
        work.source(),
        work.correlationId());
  }

  private static Work<?> unreadable(ConsumerRecord<byte[], byte[]> record) {
    return new Work<>(RunIds.of(record), 1, RunIds.source(record), null, record);
  }
}
