package dev.mlhandoff.gate;

import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.GovernanceEvaluated;
import dev.mlhandoff.messages.PipelineEvent.Rejected;
import dev.mlhandoff.messages.PipelineEvent.RunParked;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.Emission;
import dev.mlhandoff.runtime.StageKeys;
import dev.mlhandoff.runtime.Work;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Where an audited run goes: on to inference, parked until a human decides, or out. */
final class GovernanceRouting {

  private final Clock clock;

  GovernanceRouting(Clock clock) {
    this.clock = clock;
  }

  List<Emission> route(Work<StageHandoff> work, GovernanceOutput output) {
    StageHandoff handoff = work.input();
    Instant now = clock.instant();
    ArtifactRef report = output.deliverable().artifact(AuditReport.JSON_ROLE);
    List<Emission> emissions = new ArrayList<>();
    emissions.add(
        event(
            new GovernanceEvaluated(
                id(handoff, "GovernanceEvaluated"),
                handoff.runId(),
                now,
                handoff.attempt(),
                output.verdict(),
                output.score(),
                output.threshold(),
                output.checks(),
                output.policyVersion(),
                output.reasons(),
                report)));
    emissions.add(
        switch (output.verdict()) {
          case PASSED -> onward(handoff, output);
          case PARKED -> event(parked(handoff, output, now));
          case STOPPED ->
              event(
                  rejected(
                      handoff,
                      output,
                      now,
                      "GOVERNANCE_STOPPED",
                      "the governance gate stopped the run: "
                          + String.join("; ", output.reasons())));
        });
    return emissions;
  }

  /** The handoff that lets a run on to inference. */
  static Emission onward(StageHandoff handoff, GovernanceOutput output) {
    return new Emission(
        Topics.STAGE_IOR,
        handoff.runId(),
        handoff.next(
            "GCA",
            "IOR",
            StageIds.INFERENCE,
            "Serve this model. " + output.deliverable().summary(),
            output.deliverable()));
  }

  static Emission event(PipelineEvent event) {
    return new Emission(Topics.PIPELINE_EVENTS, event.runId(), event);
  }

  static Rejected rejected(
      StageHandoff handoff, GovernanceOutput output, Instant at, String code, String message) {
    return new Rejected(
        id(handoff, "Rejected"),
        handoff.runId(),
        at,
        StageIds.GOVERNANCE,
        "GCA",
        handoff.attempt(),
        code,
        message,
        "",
        output.reasons(),
        null,
        handoff.request().correlationId());
  }

  static String id(StageHandoff handoff, String what) {
    return StageKeys.eventId(handoff.runId(), StageIds.GOVERNANCE, handoff.attempt(), what);
  }

  private static RunParked parked(StageHandoff handoff, GovernanceOutput output, Instant now) {
    return new RunParked(
        id(handoff, "RunParked"),
        handoff.runId(),
        now,
        handoff.attempt(),
        StageIds.GOVERNANCE,
        "GCA",
        output.needs(),
        output.score(),
        output.threshold(),
        output.openIds(),
        output.policyVersion(),
        output.reasons(),
        Objects.requireNonNull(output.expiresAt()));
  }
}
