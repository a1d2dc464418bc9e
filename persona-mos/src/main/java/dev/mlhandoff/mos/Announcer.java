package dev.mlhandoff.mos;

import dev.mlhandoff.messages.Alert;
import dev.mlhandoff.messages.HopTimes;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.DeploymentChanged;
import dev.mlhandoff.messages.PipelineEvent.Promoted;
import dev.mlhandoff.messages.PipelineEvent.Rejected;
import dev.mlhandoff.messages.PipelineEvent.RolledBack;
import dev.mlhandoff.messages.PipelineEvent.StageCompleted;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.mos.rollout.Position.State;
import dev.mlhandoff.runtime.Emission;
import dev.mlhandoff.runtime.Failpoint;
import dev.mlhandoff.runtime.MessagePublisher;
import dev.mlhandoff.runtime.RunSpans;
import dev.mlhandoff.runtime.StageKeys;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Sends the route and the events of every transition of the audit trail, in their order. A crash
 * between sending and marking repeats a transition with the same event ids and revision, which
 * readers recognise.
 */
final class Announcer {

  /** Rejection code of a version that a judge, or a person, took out of the rollout. */
  static final String ROLLED_BACK = "CANARY_ROLLED_BACK";

  /** Rejection code of a version that nobody asked often enough to judge it. */
  static final String STARVED = "CANARY_STARVED";

  private final Deployments deployments;
  private final DeploymentReport report;
  private final MessagePublisher publisher;
  private final RunSpans spans;

  Announcer(
      Deployments deployments,
      DeploymentReport report,
      MessagePublisher publisher,
      RunSpans spans) {
    this.deployments = deployments;
    this.report = report;
    this.publisher = publisher;
    this.spans = spans;
  }

  void announceAll() throws IOException {
    for (Transition transition : deployments.unannounced()) {
      String modelId = transition.handoff().modelId();
      List<Emission> emissions = new ArrayList<>();
      emissions.add(
          new Emission(Topics.SERVING_ROUTES, modelId, deployments.route(modelId).orElseThrow()));
      for (PipelineEvent event : events(transition)) {
        emissions.add(new Emission(Topics.PIPELINE_EVENTS, event.runId(), event));
      }
      if (transition.newState() == State.ROLLED_BACK) {
        emissions.add(new Emission(Topics.ALERTS, modelId, alert(transition)));
      }
      publisher.sendTogether(emissions);
      Failpoint.AFTER_SEND.hit(transition.newState().place());
      deployments.announced(transition);
      trace(transition);
    }
  }

  /** The rollout as a whole, once it has ended. */
  private void trace(Transition transition) {
    boolean rolledBack = transition.newState() == State.ROLLED_BACK;
    if (transition.leftState().isOpen()
        && (rolledBack || transition.newState() == State.PRODUCTION)) {
      spans.passed(
          transition.handoff().runId(),
          "rollout",
          transition.stagedAt(),
          transition.at(),
          rolledBack ? Objects.requireNonNullElse(transition.code(), ROLLED_BACK) : null);
    }
  }

  private List<PipelineEvent> events(Transition transition) throws IOException {
    StageHandoff handoff = transition.handoff();
    String runId = handoff.runId();
    List<PipelineEvent> events = new ArrayList<>();
    events.add(
        new DeploymentChanged(
            id(handoff, "DeploymentChanged-" + transition.revision()),
            runId,
            transition.at(),
            handoff.modelId(),
            handoff.version(),
            transition.from(),
            transition.to(),
            transition.revision(),
            transition.reason()));
    // A version that comes back after a rollback has ended its run long ago.
    if (transition.newState() == State.PRODUCTION && transition.leftState().isOpen()) {
      events.addAll(promoted(transition));
    } else if (transition.newState() == State.ROLLED_BACK) {
      events.addAll(rolledBack(transition));
    }
    return events;
  }

  private List<PipelineEvent> promoted(Transition transition) throws IOException {
    StageHandoff handoff = transition.handoff();
    long took = Duration.between(transition.stagedAt(), transition.at()).toMillis();
    return List.of(
        new StageCompleted(
            id(handoff, "StageCompleted"),
            handoff.runId(),
            transition.at(),
            handoff.modelId(),
            handoff.version(),
            report.write(handoff, steps(handoff)),
            new HopTimes(0, took, 0)),
        new Promoted(
            id(handoff, "Promoted"),
            handoff.runId(),
            transition.at(),
            handoff.modelId(),
            handoff.version(),
            transition.revision()));
  }

  /** How the run came to production, oldest first. */
  private List<Transition> steps(StageHandoff handoff) {
    return deployments.transitions(handoff.modelId()).stream()
        .filter(step -> step.handoff().runId().equals(handoff.runId()))
        .filter(step -> step.leftState().isOpen())
        .toList();
  }

  /** Every run needs an end: one that was on its way to production is rejected. */
  private static List<PipelineEvent> rolledBack(Transition transition) {
    StageHandoff handoff = transition.handoff();
    List<PipelineEvent> events = new ArrayList<>();
    events.add(
        new RolledBack(
            id(handoff, "RolledBack"),
            handoff.runId(),
            transition.at(),
            handoff.modelId(),
            handoff.version(),
            transition.revision(),
            transition.reason()));
    if (transition.leftState().isOpen()) {
      events.add(
          new Rejected(
              id(handoff, "Rejected"),
              handoff.runId(),
              transition.at(),
              StageIds.DEPLOYMENT,
              "MOS",
              handoff.attempt(),
              Objects.requireNonNullElse(transition.code(), ROLLED_BACK),
              transition.from() + ": " + transition.reason(),
              "",
              List.of(),
              null,
              handoff.request().correlationId()));
    }
    return events;
  }

  private static Alert alert(Transition transition) {
    StageHandoff handoff = transition.handoff();
    return new Alert(
        id(handoff, "rollback"),
        transition.at(),
        handoff.modelId(),
        handoff.version(),
        Alert.Kind.ROLLBACK,
        Alert.Severity.CRITICAL,
        handoff.version(),
        new TreeMap<>(),
        "rolled back from " + transition.from() + ": " + transition.reason());
  }

  private static String id(StageHandoff handoff, String what) {
    return StageKeys.eventId(handoff.runId(), StageIds.DEPLOYMENT, handoff.attempt(), what);
  }
}
