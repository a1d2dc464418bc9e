package dev.mlhandoff.mos;

import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.HopTimes;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.DeploymentChanged;
import dev.mlhandoff.messages.PipelineEvent.Promoted;
import dev.mlhandoff.messages.PipelineEvent.Rejected;
import dev.mlhandoff.messages.PipelineEvent.RolledBack;
import dev.mlhandoff.messages.PipelineEvent.StageCompleted;
import dev.mlhandoff.messages.RouteTable;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.mos.rollout.Position;
import dev.mlhandoff.mos.rollout.Position.State;
import dev.mlhandoff.mos.rollout.StepJudge;
import dev.mlhandoff.mos.rollout.StepJudge.Observation;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.Digests;
import dev.mlhandoff.runtime.Emission;
import dev.mlhandoff.runtime.Failpoint;
import dev.mlhandoff.runtime.MessagePublisher;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.runtime.StageKeys;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves every open deployment by at most one transition. The row changes first, then the route and
 * the events are sent; a crash in between is made up for by sending them again, which is safe.
 */
final class RolloutTask {

  private static final Logger log = LoggerFactory.getLogger(RolloutTask.class);
  private static final Duration NOT_LOADED_LIMIT = Duration.ofMinutes(2);

  private final Deployments deployments;
  private final Replay replay;
  private final ArtifactStore artifacts;
  private final MessagePublisher publisher;
  private final Clock clock;

  RolloutTask(
      Deployments deployments,
      Replay replay,
      ArtifactStore artifacts,
      MessagePublisher publisher,
      Clock clock) {
    this.deployments = deployments;
    this.replay = replay;
    this.artifacts = artifacts;
    this.publisher = publisher;
    this.clock = clock;
  }

  void advanceAll() {
    for (Deployment deployment : deployments.open()) {
      try {
        if (deployment.announced()) {
          advance(deployment);
        } else {
          announce(deployment);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (IOException | SQLException e) {
        log.warn("{}: will try again: {}", deployment.handoff().runId(), e.toString());
      } catch (RejectionException e) {
        move(deployment, deployment.position().rolledBack(), e.code() + ": " + e.reason());
      }
    }
  }

  private void advance(Deployment deployment)
      throws IOException, InterruptedException, SQLException, RejectionException {
    StageHandoff handoff = deployment.handoff();
    List<Integer> steps = handoff.request().rollout().steps();
    Position position = deployment.position();
    if (position.state() == State.STAGED) {
      move(deployment, position.next(steps), "every replica loads the version");
      return;
    }
    Optional<Observation> seen;
    try {
      seen = replay.observe(handoff);
    } catch (ConnectException e) {
      seen = Optional.empty();
    }
    if (seen.isEmpty()) {
      if (Duration.between(deployment.stagedAt(), clock.instant()).compareTo(NOT_LOADED_LIMIT)
          > 0) {
        move(deployment, position.rolledBack(), "no replica serves the version");
      }
      return;
    }
    List<String> objections =
        StepJudge.objections(
            seen.get(),
            handoff.request().requirements().latencyTargetMs(),
            handoff.request().qualityGate().threshold());
    if (objections.isEmpty()) {
      move(
          deployment,
          position.next(steps),
          "passed at " + position.label(steps) + " on replayed requests");
    } else {
      move(deployment, position.rolledBack(), String.join("; ", objections));
    }
  }

  private void move(Deployment deployment, Position to, String reason) {
    if (deployments.move(deployment, to, reason)) {
      log.info("{} {} -> {}: {}", deployment.handoff().runId(), deployment.position(), to, reason);
      Failpoint.AFTER_ROW.hit(place(to));
    }
  }

  private void announce(Deployment deployment) throws IOException {
    StageHandoff handoff = deployment.handoff();
    RouteTable route = deployments.route(handoff.modelId()).orElseThrow();
    List<Emission> emissions = new ArrayList<>();
    emissions.add(new Emission(Topics.SERVING_ROUTES, handoff.modelId(), route));
    for (PipelineEvent event : events(deployment, route.revision())) {
      emissions.add(new Emission(Topics.PIPELINE_EVENTS, handoff.runId(), event));
    }
    publisher.sendTogether(emissions);
    Failpoint.AFTER_SEND.hit(place(deployment.position()));
    deployments.announced(handoff.runId());
  }

  private static String place(Position position) {
    return "rollout-" + position.state().name().toLowerCase(Locale.ROOT);
  }

  private List<PipelineEvent> events(Deployment deployment, long revision) throws IOException {
    StageHandoff handoff = deployment.handoff();
    Position position = deployment.position();
    String label = position.label(handoff.request().rollout().steps());
    Instant now = clock.instant();
    List<PipelineEvent> events = new ArrayList<>();
    events.add(
        new DeploymentChanged(
            id(handoff, "DeploymentChanged-" + label.replace(' ', '-')),
            handoff.runId(),
            now,
            handoff.modelId(),
            handoff.version(),
            "",
            label,
            revision,
            deployment.reason()));
    if (position.state() == State.PRODUCTION) {
      events.add(
          new StageCompleted(
              id(handoff, "StageCompleted"),
              handoff.runId(),
              now,
              handoff.modelId(),
              handoff.version(),
              deliverable(handoff),
              new HopTimes(0, Duration.between(deployment.stagedAt(), now).toMillis(), 0)));
      events.add(
          new Promoted(
              id(handoff, "Promoted"),
              handoff.runId(),
              now,
              handoff.modelId(),
              handoff.version(),
              revision));
    } else if (position.state() == State.ROLLED_BACK) {
      events.add(
          new RolledBack(
              id(handoff, "RolledBack"),
              handoff.runId(),
              now,
              handoff.modelId(),
              handoff.version(),
              revision,
              deployment.reason()));
      events.add(
          new Rejected(
              id(handoff, "Rejected"),
              handoff.runId(),
              now,
              StageIds.DEPLOYMENT,
              "MOS",
              handoff.attempt(),
              "CANARY_ROLLED_BACK",
              deployment.reason(),
              "",
              List.of(),
              null,
              handoff.request().correlationId()));
    }
    return events;
  }

  private Deliverable deliverable(StageHandoff handoff) throws IOException {
    List<Integer> steps = handoff.request().rollout().steps();
    SortedMap<String, Object> spec = new TreeMap<>();
    spec.put("strategy", "blue-green with canary");
    spec.put("stepsPercent", steps);
    spec.put("judges", List.of("no errors", "p99 within the target", "ranks the replayed rows"));
    spec.put("latencyTargetMs", handoff.request().requirements().latencyTargetMs());
    String summary =
        ("Brought version %s into production through canary steps of %s %%, each judged on requests"
                + " replayed through REST from the training part; the version before stays warm.")
            .formatted(handoff.version(), steps);
    SortedMap<String, ArtifactRef> written = new TreeMap<>();
    written.put("spec", write(handoff, "deployment-spec.json", Json.writePretty(spec)));
    written.put(
        "spec-md",
        write(
            handoff,
            "deployment-spec.md",
            ("# Deployment\n\n" + summary + "\n").getBytes(StandardCharsets.UTF_8)));
    return Deliverable.of(
        StageIds.DEPLOYMENT, "MOS", handoff.attempt(), summary, written, Map.of());
  }

  private ArtifactRef write(StageHandoff handoff, String name, byte[] content) throws IOException {
    String digest = Digests.sha256(content);
    String key =
        StageKeys.folder(handoff.runId(), StageIds.DEPLOYMENT, handoff.attempt())
            + digest.substring(0, 16)
            + "/"
            + name;
    String mediaType = name.endsWith(".json") ? "application/json" : "text/markdown";
    Path file = Files.createTempFile("spec", ".tmp");
    try {
      Files.write(file, content);
      artifacts.put(key, file, mediaType);
    } finally {
      Files.delete(file);
    }
    return new ArtifactRef(artifacts.uri(key), digest, content.length, mediaType);
  }

  private static String id(StageHandoff handoff, String what) {
    return StageKeys.eventId(handoff.runId(), StageIds.DEPLOYMENT, handoff.attempt(), what);
  }
}
