package dev.mlhandoff.runtime;

import dev.mlhandoff.messages.Approval;
import dev.mlhandoff.messages.BatchOrder;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.ProjectOutcome;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.Trial;
import dev.mlhandoff.messages.TrialResult;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The trace of a run. Its id follows from the run's id, so that whatever a run leads to is of one
 * trace: after a redelivery, a wait for a human or a day of canary, and without being told.
 */
final class RunTrace {

  private static final int TRACE_ID = 32;
  private static final int SPAN_ID = 16;

  private RunTrace() {}

  /** Trace id of a run, 32 hexadecimal digits. */
  static String traceId(String runId) {
    return digest(runId).substring(0, TRACE_ID);
  }

  /** The run that a message belongs to; empty if it is about more than one, or about none. */
  static Optional<String> runOf(Object payload) {
    if (payload instanceof PipelineEvent event) {
      return Optional.of(event.runId());
    }
    if (payload instanceof StageHandoff handoff) {
      return Optional.of(handoff.runId());
    }
    if (payload instanceof Trial trial) {
      return Optional.of(trial.runId());
    }
    if (payload instanceof TrialResult result) {
      return Optional.of(result.trial().runId());
    }
    if (payload instanceof Approval approval) {
      return Optional.of(approval.runId());
    }
    if (payload instanceof ProjectOutcome outcome) {
      return Optional.of(outcome.runId());
    }
    if (payload instanceof BatchOrder order) {
      return Optional.of(order.runId());
    }
    return Optional.empty();
  }

  /** The span of a whole run. */
  static SpanContext run(String runId) {
    return context(runId, runId);
  }

  /** The span of the work on a record; the same at every delivery. */
  static SpanContext work(String topic, Work<?> work) {
    return context(
        work.runId(),
        String.join("/", work.runId(), topic, String.valueOf(work.attempt()), work.part()));
  }

  /** The span of a part of a run that is no work on one record. */
  static SpanContext part(String runId, String name) {
    return context(runId, runId + "/" + name);
  }

  /**
   * W3C trace context of a message: version, trace id, span id, sampled. The span is the work that
   * the calling thread is at, or else the whole run.
   *
   * @param key key of the record; names the trace of a message that is of no run
   */
  static String traceparent(Object payload, String key) {
    SpanContext run = run(runOf(payload).orElse(key));
    SpanContext current = Span.current().getSpanContext();
    boolean ofThisRun = current.getTraceId().equals(run.getTraceId());
    return "00-"
        + run.getTraceId()
        + "-"
        + (ofThisRun ? current : run).getSpanId()
        + "-"
        + run.getTraceFlags().asHex();
  }

  private static SpanContext context(String runId, String name) {
    return SpanContext.create(
        traceId(runId),
        digest(name).substring(0, SPAN_ID),
        TraceFlags.getSampled(),
        TraceState.getDefault());
  }

  private static String digest(String text) {
    return Digests.sha256(text.getBytes(StandardCharsets.UTF_8));
  }
}
