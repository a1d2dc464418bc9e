package dev.mlhandoff.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.messages.PipelineEvent.StageStarted;
import dev.mlhandoff.messages.ProjectRequest;
import dev.mlhandoff.messages.RequestSource;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunTraceTest {

  private static final String RUN = "run-00000000000000aa";

  @Test
  void whatBelongsToARunIsOfOneTraceWhateverItsKeyIs() {
    StageHandoff handoff =
        new StageHandoff(
            RUN,
            null,
            1,
            "IOR",
            "MOS",
            StageIds.DEPLOYMENT,
            "bring it into production",
            ProjectRequest.of("Sample", "sample", "bought", "none"),
            "sample",
            "1.0.0",
            List.of());
    StageStarted started =
        new StageStarted("event", RUN, Instant.EPOCH, StageIds.DEPLOYMENT, "MOS", 1);

    // Handoffs to MOS have the model's id as their key.
    String toMos = RunTrace.traceparent(handoff, "sample");
    assertThat(toMos).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
    assertThat(traceId(toMos)).isEqualTo(RunTrace.traceId(RUN));
    assertThat(traceId(RunTrace.traceparent(started, RUN))).isEqualTo(RunTrace.traceId(RUN));
    assertThat(RunTrace.traceparent(started, RUN)).as("outside of all work").isEqualTo(toMos);
    assertThat(RunTrace.traceId("run-00000000000000ab")).isNotEqualTo(RunTrace.traceId(RUN));
  }

  @Test
  void whatIsOfNoRunHasATraceByItsKey() {
    assertThat(RunTrace.runOf("a route")).isEmpty();
    assertThat(traceId(RunTrace.traceparent("a route", "sample")))
        .isEqualTo(RunTrace.traceId("sample"));
    assertThat(RunTrace.runOf(new Object())).isEmpty();
  }

  @Test
  void whatIsSentAtWorkNamesThatWorkAsItsParent() {
    StageStarted started =
        new StageStarted("event", RUN, Instant.EPOCH, StageIds.DEPLOYMENT, "MOS", 1);
    RequestSource source = new RequestSource("stage.mos.v1", 0, 7);
    SpanContext work =
        RunTrace.work("stage.mos.v1", new Work<>(RUN, 1, source, null, "first delivery"));

    String atWork =
        Context.root()
            .with(Span.wrap(work))
            .wrapSupplier(() -> RunTrace.traceparent(started, RUN))
            .get();
    assertThat(atWork).isEqualTo("00-" + RunTrace.traceId(RUN) + "-" + work.getSpanId() + "-01");
    String ofAnother =
        Context.root()
            .with(Span.wrap(work))
            .wrapSupplier(() -> RunTrace.traceparent("a route", "another"))
            .get();
    assertThat(ofAnother).doesNotContain(work.getSpanId());
  }

  @Test
  void theSpanOfAWorkIsTheSameAtEveryDeliveryAndOfNoOther() {
    RequestSource source = new RequestSource("esc.trials.v1", 0, 7);
    Work<String> work = new Work<>(RUN, 1, "trial-1", source, null, "first");
    SpanContext span = RunTrace.work("esc.trials.v1", work);
    RequestSource elsewhere = new RequestSource("esc.trials.v1", 3, 9);

    assertThat(RunTrace.work("esc.trials.v1", new Work<>(RUN, 1, "trial-1", elsewhere, null, "")))
        .isEqualTo(span);
    assertThat(
            List.of(
                RunTrace.work("esc.trial-results.v1", work),
                RunTrace.work(
                    "esc.trials.v1", new Work<>(RUN, 2, "trial-1", source, null, "first")),
                RunTrace.work(
                    "esc.trials.v1", new Work<>(RUN, 1, "trial-2", source, null, "first")),
                RunTrace.run(RUN)))
        .extracting(SpanContext::getSpanId)
        .doesNotHaveDuplicates()
        .doesNotContain(span.getSpanId());
  }

  private static String traceId(String traceparent) {
    return traceparent.split("-", -1)[1];
  }
}
