package dev.mlhandoff.mos;

import dev.mlhandoff.mos.experiment.AbTestPlan;
import dev.mlhandoff.mos.experiment.AbTestResult;
import dev.mlhandoff.mos.rollout.Position.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.support.TransactionTemplate;

/** Begins and ends A/B tests, each together with the model's route. */
final class AbTests {

  private final AbTestRows rows;
  private final Deployments deployments;
  private final RouteRows routes;
  private final TransactionTemplate transaction;
  private final Clock clock;

  AbTests(
      AbTestRows rows,
      Deployments deployments,
      RouteRows routes,
      TransactionTemplate transaction,
      Clock clock) {
    this.rows = rows;
    this.deployments = deployments;
    this.routes = routes;
    this.transaction = transaction;
    this.clock = clock;
  }

  /**
   * Begins a test of the version in production against the one that stands by.
   *
   * @throws org.springframework.web.ErrorResponseException if they are not these two, or traffic is
   *     split already
   */
  AbTest start(String modelId, AbTestPlan plan, Duration longest) {
    AbTest started =
        transaction.execute(
            status -> {
              routes.lock(modelId);
              refuseWhatCannotBeTested(modelId, plan);
              Instant now = clock.instant();
              AbTest test =
                  new AbTest(
                      modelId + "-ab-" + routes.nextRevision(modelId),
                      modelId,
                      plan,
                      AbTest.State.RUNNING,
                      now,
                      now.plus(longest),
                      null,
                      null);
              rows.insert(test);
              deployments.reroute(modelId);
              return test;
            });
    return Objects.requireNonNull(started);
  }

  /**
   * Ends a test; production answers everybody again.
   *
   * @return whether it was still running
   */
  boolean end(AbTest test, AbTest.State state, @Nullable AbTestResult result) {
    return Boolean.TRUE.equals(
        transaction.execute(
            status -> {
              routes.lock(test.modelId());
              boolean ended = rows.end(test.testId(), state, clock.instant(), result);
              if (ended) {
                deployments.reroute(test.modelId());
              }
              return ended;
            }));
  }

  private void refuseWhatCannotBeTested(String modelId, AbTestPlan plan) {
    List<Deployment> all = deployments.of(modelId);
    if (all.isEmpty()) {
      throw Refusal.of(HttpStatus.NOT_FOUND, "UNKNOWN_MODEL", "no model " + modelId);
    }
    if (rows.running(modelId).isPresent()) {
      throw Refusal.of(
          HttpStatus.CONFLICT, "AB_TEST_RUNNING", "an A/B test of the model is running");
    }
    if (all.stream()
        .map(deployment -> deployment.position().state())
        .anyMatch(state -> state == State.SHADOW || state == State.CANARY)) {
      throw Refusal.of(HttpStatus.CONFLICT, "ROLLOUT_UNDER_WAY", "a version is being rolled out");
    }
    boolean warm =
        deployments
            .find(modelId, State.PRODUCTION)
            .flatMap(
                production ->
                    deployments
                        .find(modelId, State.SUPERSEDED)
                        .map(standby -> List.of(production.version(), standby.version())))
            .filter(versions -> versions.containsAll(List.of(plan.versionA(), plan.versionB())))
            .isPresent();
    if (!warm) {
      throw Refusal.of(
          HttpStatus.CONFLICT,
          "VERSION_NOT_WARM",
          "the versions must be the one in production and the one that stands by");
    }
  }
}
