package dev.mlhandoff.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * The spans of runs. They are told once they are over, so that only what was committed is in a
 * trace, and have the ids that {@link RunTrace} derives, so that a repetition is the same span.
 * Without an endpoint nothing is recorded; one that does not answer loses spans and delays nothing.
 */
public final class RunSpans implements AutoCloseable {

  private static final Duration EXPORT_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration EXPORT_DELAY = Duration.ofSeconds(1);
  private static final AttributeKey<String> RUN = AttributeKey.stringKey("handoff.run_id");

  private final Tracer tracer;
  private final @Nullable SdkTracerProvider provider;

  private RunSpans(Tracer tracer, @Nullable SdkTracerProvider provider) {
    this.tracer = tracer;
    this.provider = provider;
  }

  /**
   * Spans of a service.
   *
   * @param endpoint where OTLP is taken over HTTP, with its path; null for none
   */
  static RunSpans of(String service, @Nullable URI endpoint) {
    if (endpoint == null || endpoint.toString().isEmpty()) {
      return new RunSpans(OpenTelemetry.noop().getTracer("ml-handoff"), null);
    }
    SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .setIdGenerator(new ChosenIds())
            .setResource(
                Resource.getDefault()
                    .merge(
                        Resource.create(
                            Attributes.of(AttributeKey.stringKey("service.name"), service))))
            .addSpanProcessor(
                BatchSpanProcessor.builder(
                        OtlpHttpSpanExporter.builder()
                            .setEndpoint(endpoint.toString())
                            .setTimeout(EXPORT_TIMEOUT)
                            .setRetryPolicy(null)
                            .build())
                    .setScheduleDelay(EXPORT_DELAY)
                    .build())
            .build();
    return new RunSpans(provider.get("ml-handoff"), provider);
  }

  /** A record was worked on, and what it led to is committed. */
  void handled(
      StageDefinition<?, ?> stage,
      ConsumerRecord<byte[], byte[]> record,
      Hop hop,
      Instant committedAt) {
    if (provider == null) {
      return;
    }
    Work<?> work = hop.work();
    SpanContext told = told(record);
    boolean ofThisRun = told.getTraceId().equals(RunTrace.traceId(work.runId()));
    SpanBuilder span =
        child(stage.stage(), ofThisRun ? told : RunTrace.run(work.runId()), hop.takenAt())
            .setSpanKind(SpanKind.CONSUMER)
            .setAttribute(RUN, work.runId())
            .setAttribute("handoff.stage", stage.stage())
            .setAttribute("handoff.persona", stage.persona())
            .setAttribute("handoff.attempt", work.attempt())
            .setAttribute("handoff.queue_ms", hop.queueMs())
            .setAttribute("handoff.work_ms", hop.workMs())
            .setAttribute(
                "handoff.publish_ms",
                Math.max(0, Duration.between(hop.readyAt(), committedAt).toMillis()))
            .setAttribute("handoff.resumed", hop.resumed())
            .setAttribute("messaging.system", "kafka")
            .setAttribute("messaging.operation.type", "process")
            .setAttribute("messaging.destination.name", record.topic())
            .setAttribute("messaging.destination.partition.id", String.valueOf(record.partition()))
            .setAttribute("messaging.kafka.offset", record.offset());
    if (!work.part().isEmpty()) {
      span.setAttribute("handoff.part", work.part());
    }
    if (told.isValid() && !ofThisRun) {
      // A requester's own trace goes on in the run's.
      span.addLink(told);
    }
    end(span, RunTrace.work(stage.topic().name(), work), hop.refusal(), committedAt);
  }

  /**
   * A run has its outcome; its span is the root of its trace.
   *
   * @param refusal code of the rejection; null if the run completed
   */
  public void ended(String runId, Instant beganAt, Instant endedAt, @Nullable String refusal) {
    SpanBuilder span =
        tracer.spanBuilder("run").setNoParent().setStartTimestamp(beganAt).setAttribute(RUN, runId);
    end(span, RunTrace.run(runId), refusal, endedAt);
  }

  /**
   * A part of a run that is no work on one record.
   *
   * @param refusal code of what it failed with; null if it went well
   */
  public void passed(
      String runId, String name, Instant beganAt, Instant endedAt, @Nullable String refusal) {
    SpanContext run = RunTrace.run(runId);
    end(
        child(name, run, beganAt).setAttribute(RUN, runId),
        RunTrace.part(runId, name),
        refusal,
        endedAt);
  }

  /** Sends what is left, as far as that takes no longer than an export. */
  @Override
  public void close() {
    if (provider != null) {
      provider.shutdown().join(EXPORT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private SpanBuilder child(String name, SpanContext parent, Instant beganAt) {
    return tracer
        .spanBuilder(name)
        .setParent(Context.root().with(Span.wrap(parent)))
        .setStartTimestamp(beganAt);
  }

  private static void end(
      SpanBuilder builder, SpanContext ids, @Nullable String refusal, Instant endedAt) {
    Span span = ChosenIds.with(ids, builder::startSpan);
    if (refusal != null) {
      span.setAttribute("error.type", refusal).setStatus(StatusCode.ERROR, refusal);
    }
    span.end(endedAt);
  }

  /** What the record's sender says of its own span; invalid if it says nothing, or nonsense. */
  private static SpanContext told(ConsumerRecord<?, ?> record) {
    Context context =
        W3CTraceContextPropagator.getInstance().extract(Context.root(), record, RecordHeaders.ALL);
    return Span.fromContext(context).getSpanContext();
  }

  private enum RecordHeaders implements TextMapGetter<ConsumerRecord<?, ?>> {
    ALL;

    @Override
    public Iterable<String> keys(ConsumerRecord<?, ?> record) {
      return List.of();
    }

    @Override
    public @Nullable String get(@Nullable ConsumerRecord<?, ?> record, String key) {
      return Optional.ofNullable(record)
          .map(known -> known.headers().lastHeader(key))
          .map(Header::value)
          .map(value -> new String(value, UTF_8))
          .orElse(null);
    }
  }
}
