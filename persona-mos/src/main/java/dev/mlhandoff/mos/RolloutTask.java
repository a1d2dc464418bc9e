package dev.mlhandoff.mos;

import dev.mlhandoff.messages.QualityPolicy;
import dev.mlhandoff.messages.StageHandoff;
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
import java.util.List;
import java.util.Optional;
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
  private final Replay replay;
  private final MosProperties properties;
  private final QualityPolicy quality;
  private final Clock clock;

  RolloutTask(
      Deployments deployments,
      Announcer announcer,
      Replay replay,
      MosProperties properties,
      QualityPolicy quality,
      Clock clock) {
    this.deployments = deployments;
    this.announcer = announcer;
    this.replay = replay;
    this.properties = properties;
    this.quality = quality;
    this.clock = clock;
  }

  void advanceAll() {
    try {
      announcer.announceAll();
      for (Deployment deployment : deployments.open()) {
        advance(deployment);
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
    StageHandoff handoff = deployment.handoff();
    Optional<Evidence> evidence =
        replay.observe(
            handoff,
            deployments.find(handoff.modelId(), State.PRODUCTION).map(Deployment::version));
    if (evidence.isEmpty()) {
      Duration waited = Duration.between(deployment.changedAt(), clock.instant());
      if (waited.compareTo(NOT_LOADED_LIMIT) > 0) {
        rollBack(deployment, "no replica serves the version");
      }
      return;
    }
    Opinion opinion =
        new StepJudge(
                handoff.request().requirements().latencyTargetMs(),
                quality.thresholdOf(handoff.request().qualityGate()),
                properties.stepSamples())
            .judge(evidence.get());
    switch (opinion.kind()) {
      case AGREES -> agree(deployment, "passed on replayed requests");
      case OBJECTS -> rollBack(deployment, opinion.reason());
      case WAITS -> log.debug("{} waits: {}", handoff.runId(), opinion.reason());
    }
  }

  private void agree(Deployment deployment, String reason) {
    List<Integer> steps = deployment.handoff().request().rollout().steps();
    move(deployment, deployment.position().next(steps), reason);
  }

  private void rollBack(Deployment deployment, String reason) {
    move(deployment, Position.at(State.ROLLED_BACK), reason);
  }

  private void move(Deployment deployment, Position to, String reason) {
    if (deployments.move(deployment, to, reason)) {
      log.info("{} {} -> {}: {}", deployment.handoff().runId(), deployment.label(), to, reason);
      Failpoint.AFTER_ROW.hit(to.state().place());
    }
  }
}
