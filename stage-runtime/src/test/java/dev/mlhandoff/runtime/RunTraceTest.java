package dev.mlhandoff.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.messages.PipelineEvent.StageStarted;
import dev.mlhandoff.messages.ProjectRequest;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
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
    String toMos = RunTrace.traceparent(handoff, "sample", "first");
    assertThat(toMos).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
    assertThat(traceId(toMos)).isEqualTo(RunTrace.traceId(RUN));
    assertThat(traceId(RunTrace.traceparent(started, RUN, "second")))
        .isEqualTo(RunTrace.traceId(RUN));
    assertThat(RunTrace.traceparent(started, RUN, "second")).isNotEqualTo(toMos);
    assertThat(RunTrace.traceId("run-00000000000000ab")).isNotEqualTo(RunTrace.traceId(RUN));
  }

  @Test
  void whatIsOfNoRunHasATraceByItsKey() {
    assertThat(RunTrace.runOf("a route")).isEmpty();
    assertThat(traceId(RunTrace.traceparent("a route", "sample", "first")))
        .isEqualTo(RunTrace.traceId("sample"));
    assertThat(RunTrace.runOf(new Object())).isEmpty();
  }

  private static String traceId(String traceparent) {
    return traceparent.split("-", -1)[1];
  }
}
