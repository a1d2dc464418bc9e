package dev.mlhandoff.gate;

import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.GateVerdict;
import dev.mlhandoff.messages.PipelineEvent.GateEvaluated;
import dev.mlhandoff.messages.PipelineEvent.Rejected;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.Emission;
import dev.mlhandoff.runtime.StageKeys;
import dev.mlhandoff.runtime.Work;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** Where an attempt goes: on to the governance gate, back to training, or out. */
final class QualityRouting {

  private final Clock clock;

  QualityRouting(Clock clock) {
    this.clock = clock;
  }

  List<Emission> route(Work<StageHandoff> work, QualityOutput output) {
    List<Emission> emissions = new ArrayList<>();
    emissions.add(
        new Emission(
            Topics.PIPELINE_EVENTS,
            work.runId(),
            new GateEvaluated(
                id(work, "GateEvaluated"),
                work.runId(),
                clock.instant(),
                work.attempt(),
                output.verdict(),
                output.score(),
                output.threshold(),
                output.dimensions(),
                output.policyVersion(),
                output.reasons(),
                output.deliverable().artifact("gate-report"),
                output.comparison())));
    StageHandoff handoff = work.input();
    if (output.verdict() == GateVerdict.PASSED) {
      emissions.add(
          new Emission(
              Topics.STAGE_GCA,
              work.runId(),
              handoff.next(
                  "GATE",
                  "GCA",
                  StageIds.GOVERNANCE,
                  "Audit this run. " + output.deliverable().summary(),
                  output.deliverable())));
    } else if (output.verdict() == GateVerdict.FAILED) {
      emissions.add(
          new Emission(
              Topics.STAGE_ESC,
              work.runId(),
              handoff
                  .next(
                      "GATE",
                      "ESC",
                      StageIds.TRAINING,
                      "Search wider. " + output.deliverable().summary(),
                      output.deliverable())
                  .withAttempt(work.attempt() + 1)));
    } else {
      emissions.add(new Emission(Topics.PIPELINE_EVENTS, work.runId(), rejected(work, output)));
    }
    return emissions;
  }

  private Rejected rejected(Work<StageHandoff> work, QualityOutput output) {
    List<String> history = new ArrayList<>();
    for (Deliverable earlier : work.input().deliverables()) {
      if (earlier.stage().equals(StageIds.QUALITY_GATE)) {
        history.add(earlier.summary());
      }
    }
    history.add(output.deliverable().summary());
    String code =
        output.verdict() == GateVerdict.EXHAUSTED ? "GATE_EXHAUSTED" : output.verdict().name();
    return new Rejected(
        id(work, "Rejected"),
        work.runId(),
        clock.instant(),
        StageIds.QUALITY_GATE,
        "GATE",
        work.attempt(),
        code,
        output.deliverable().summary(),
        "",
        history,
        work.source(),
        work.correlationId());
  }

  private static String id(Work<StageHandoff> work, String what) {
    return StageKeys.eventId(work.runId(), StageIds.QUALITY_GATE, work.attempt(), what);
  }
}
