package dev.mlhandoff.mos;

import dev.mlhandoff.messages.PipelineEvent.DeploymentChanged;
import dev.mlhandoff.messages.QualityPolicy;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.mos.MosProperties.Starvation;
import dev.mlhandoff.mos.rollout.Evidence;
import dev.mlhandoff.mos.rollout.Opinion;
import dev.mlhandoff.mos.rollout.Position;
import dev.mlhandoff.mos.rollout.Position.State;
import dev.mlhandoff.mos.rollout.StepJudge;
import dev.mlhandoff.runtime.Failpoint;
import dev.mlhandoff.runtime.RejectionException;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves every open deployment by at most one transition a run: the row first, then the announcer
 * sends what follows from it.
 */
final class RolloutTask {

  private static final Logger log = LoggerFactory.getLogger(RolloutTask.class);
  private static final Duration NOT_LOADED_LIMIT = Duration.ofMinutes(2);

  private final Deployments deployments;
  private final Announcer announcer;
  private final LiveTraffic traffic;
  private final Replay replay;
  private final MosProperties properties;
  private final QualityPolicy quality;
  private final Clock clock;

  RolloutTask(
      Deployments deployments,
      Announcer announcer,
      LiveTraffic traffic,
      Replay replay,
      MosProperties properties,
      QualityPolicy quality,
      Clock clock) {
    this.deployments = deployments;
    this.announcer = announcer;
    this.traffic = traffic;
    this.replay = replay;
    this.properties = properties;
    this.quality = quality;
    this.clock = clock;
  }

  void advanceAll() {
    try {
      announcer.announceAll();
      for (Deployment deployment : deployments.open()) {
        if (!deployments.isUnderTest(deployment.modelId())) {
          advance(deployment);
        }
      }
      announcer.announceAll();
    } catch (IOException e) {
      log.warn("will try again: {}", e.toString());
    }
  }

  private void advance(Deployment deployment) {
    try {
      if (deployment.position().state() == State.STAGED) {
        agree(deployment, "every replica loads the version");
      } else {
        judge(deployment);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | SQLException e) {
      log.warn("{}: will try again: {}", deployment.handoff().runId(), e.toString());
    } catch (RejectionException e) {
      rollBack(deployment, e.code() + ": " + e.reason());
    }
  }

  private void judge(Deployment deployment)
      throws IOException, InterruptedException, SQLException, RejectionException {
    Optional<String> incumbent =
        deployments.find(deployment.modelId(), State.PRODUCTION).map(Deployment::version);
    if (incumbent.isEmpty()) {
      // The public waits for the first version, so nothing but a replay can tell of it.
      replay(deployment, incumbent);
      return;
    }
    Evidence live = traffic.evidence(deployment, incumbent.get());
    Opinion opinion = judgeOf(deployment).judge(live);
    if (opinion.kind() != Opinion.Kind.WAITS) {
      follow(deployment, opinion, DeploymentChanged.PASSED_ON_PUBLIC);
    } else if (!isStarved(deployment, live)) {
      log.debug("{} waits: {}", deployment.handoff().runId(), opinion.reason());
    } else if (properties.starvation() == Starvation.REPLAY) {
      replay(deployment, incumbent);
    } else {
      move(
          deployment,
          Position.at(State.ROLLED_BACK),
          "%s within %d s".formatted(opinion.reason(), properties.stepTimeout().toSeconds()),
          Announcer.STARVED);
    }
  }

  /**
   * Whether the step lacked requests for too long, or nobody asked the model at all for as long:
   * such silence need not be waited for again at every step.
   */
  private boolean isStarved(Deployment deployment, Evidence live) {
    Instant longAgo = clock.instant().minus(properties.stepTimeout());
    if (live.candidate().requests() < properties.stepSamples()
        && deployment.changedAt().isBefore(longAgo)) {
      return true;
    }
    return deployment.stagedAt().isBefore(longAgo)
        && !traffic.hasRequests(deployment.modelId(), longAgo);
  }

  private void replay(Deployment deployment, Optional<String> incumbent)
      throws IOException, InterruptedException, SQLException, RejectionException {
    Optional<Evidence> evidence = replay.observe(deployment.handoff(), incumbent);
    if (evidence.isPresent()) {
      follow(
          deployment,
          judgeOf(deployment).judge(evidence.get()),
          DeploymentChanged.PASSED_ON_REPLAY);
      return;
    }
    Duration waited = Duration.between(deployment.changedAt(), clock.instant());
    if (waited.compareTo(NOT_LOADED_LIMIT) > 0) {
      rollBack(deployment, "no replica serves the version");
    }
  }

  private StepJudge judgeOf(Deployment deployment) {
    StageHandoff handoff = deployment.handoff();
    return new StepJudge(
        handoff.request().requirements().latencyTargetMs(),
        quality.thresholdOf(handoff.request().qualityGate()),
        properties.stepSamples(),
        // A retrained version was held against the incumbent by the gate, on outcomes.
        handoff.retraining() == null);
  }

  private void follow(Deployment deployment, Opinion opinion, String passed) {
    switch (opinion.kind()) {
      case AGREES -> agree(deployment, passed);
      case OBJECTS -> rollBack(deployment, opinion.reason());
      case WAITS -> log.debug("{} waits: {}", deployment.handoff().runId(), opinion.reason());
    }
  }

  private void agree(Deployment deployment, String reason) {
    List<Integer> steps = deployment.handoff().request().rollout().steps();
    move(deployment, deployment.position().next(steps), reason, null);
  }

  private void rollBack(Deployment deployment, String reason) {
    move(deployment, Position.at(State.ROLLED_BACK), reason, null);
  }

  private void move(Deployment deployment, Position to, String reason, @Nullable String code) {
    if (deployments.move(deployment, to, reason, code)) {
      log.info("{} {} -> {}: {}", deployment.handoff().runId(), deployment.label(), to, reason);
      Failpoint.AFTER_ROW.hit(to.state().place());
    }
  }
}
