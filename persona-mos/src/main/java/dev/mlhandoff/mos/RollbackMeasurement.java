package dev.mlhandoff.mos;

import dev.mlhandoff.messages.PipelineEvent.RollbackMeasured;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.runtime.MessagePublisher;
import dev.mlhandoff.runtime.StageKeys;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;

/**
 * Measures every rollback by the prediction log: from its decision to the last public request that
 * the version answered. It looks once, when replicas and log have had time to settle.
 */
final class RollbackMeasurement {

  private final Deployments deployments;
  private final LiveTraffic traffic;
  private final MessagePublisher publisher;
  private final MeterRegistry registry;
  private final Duration settling;
  private final Clock clock;

  RollbackMeasurement(
      Deployments deployments,
      LiveTraffic traffic,
      MessagePublisher publisher,
      MeterRegistry registry,
      Duration settling,
      Clock clock) {
    this.deployments = deployments;
    this.traffic = traffic;
    this.publisher = publisher;
    this.registry = registry;
    this.settling = settling;
    this.clock = clock;
  }

  void measureAll() {
    for (Transition rollback : deployments.unmeasured(clock.instant().minus(settling))) {
      StageHandoff handoff = rollback.handoff();
      Duration stopped =
          traffic
              .lastAnswer(handoff.modelId(), handoff.version(), rollback.at())
              .map(last -> Duration.between(rollback.at(), last))
              .orElse(Duration.ZERO);
      deployments.measured(rollback, stopped.toMillis());
    }
    for (Transition rollback : deployments.unannouncedMeasurements()) {
      announce(rollback, Objects.requireNonNull(rollback.stoppedAfterMs()));
    }
  }

  private void announce(Transition rollback, long millis) {
    StageHandoff handoff = rollback.handoff();
    publisher.sendNow(
        new RollbackMeasured(
            StageKeys.eventId(
                handoff.runId(),
                StageIds.DEPLOYMENT,
                handoff.attempt(),
                "RollbackMeasured-" + rollback.revision()),
            handoff.runId(),
            rollback.at().plusMillis(millis),
            handoff.modelId(),
            handoff.version(),
            rollback.revision(),
            millis));
    registry.timer("handoff.rollback.duration").record(Duration.ofMillis(millis));
    deployments.measurementAnnounced(rollback);
  }
}
