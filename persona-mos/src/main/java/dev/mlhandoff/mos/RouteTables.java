package dev.mlhandoff.mos;

import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.RouteTable;
import dev.mlhandoff.messages.RouteTable.Role;
import dev.mlhandoff.messages.RouteTable.Route;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.mos.rollout.Position.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Derives what replicas shall serve from where the deployments of a model stand. */
final class RouteTables {

  private RouteTables() {}

  /**
   * The candidate gets its step's share; what served before keeps the rest, and stays warm. In an
   * A/B test, for which rollouts wait, the version that stands by gets its share of the entities.
   */
  static RouteTable of(
      String modelId, long revision, List<Deployment> deployments, @Nullable AbTest test) {
    Optional<Deployment> production = find(deployments, State.PRODUCTION);
    List<Route> routes = new ArrayList<>();
    find(deployments, State.SHADOW)
        .ifPresent(
            shadow ->
                routes.add(route(shadow, production.isPresent() ? Role.SHADOW : Role.STAGED, 0)));
    int share = 0;
    Optional<Deployment> canary = find(deployments, State.CANARY);
    if (canary.isPresent()) {
      // Without an older version the public waits until the candidate has passed every step.
      share =
          production.isPresent()
              ? canary.get().position().weight(canary.get().handoff().request().rollout().steps())
              : 0;
      routes.add(route(canary.get(), share > 0 ? Role.CANARY : Role.STAGED, share));
    }
    Optional<Deployment> standby = find(deployments, State.SUPERSEDED);
    if (test != null && production.isPresent() && standby.isPresent()) {
      boolean standbyIsB = standby.get().version().equals(test.plan().versionB());
      share = standbyIsB ? test.plan().split() : 100 - test.plan().split();
      routes.add(route(production.get(), Role.PRODUCTION, 100 - share));
      routes.add(route(standby.get(), Role.CHALLENGER, share));
      return new RouteTable(modelId, revision, routes, test.testId());
    }
    if (production.isPresent()) {
      routes.add(route(production.get(), Role.PRODUCTION, 100 - share));
    }
    standby.ifPresent(other -> routes.add(route(other, Role.STANDBY, 0)));
    return new RouteTable(modelId, revision, routes);
  }

  private static Optional<Deployment> find(List<Deployment> deployments, State state) {
    return deployments.stream().filter(d -> d.position().state() == state).findFirst();
  }

  private static Route route(Deployment deployment, Role role, int weight) {
    StageHandoff handoff = deployment.handoff();
    return new Route(
        handoff.version(),
        handoff.runId(),
        role,
        weight,
        handoff.deliverable(StageIds.TRAINING).artifact("model-bundle"),
        onlineDigest(handoff.deliverable(StageIds.FEATURE_ENGINEERING)));
  }

  /** A retrain reads the rows of the first run: its features are defined alike. */
  private static String onlineDigest(Deliverable features) {
    ArtifactRef online = features.artifacts().get("online-features");
    return online == null ? features.artifact("features").sha256() : online.sha256();
  }
}
