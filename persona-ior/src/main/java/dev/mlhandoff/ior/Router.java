package dev.mlhandoff.ior;

import dev.mlhandoff.ior.Routes.Served;
import dev.mlhandoff.ior.serving.ServingModel;
import dev.mlhandoff.ior.serving.TrafficSplit;
import dev.mlhandoff.messages.RouteTable.Role;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** Finds the version that answers. What it hands out stays usable while routes change. */
final class Router {

  private final RoutedModels routes;
  private final LoadedModels models;

  Router(RoutedModels routes, LoadedModels models) {
    this.routes = routes;
    this.models = models;
  }

  /**
   * A version and the route that led to it.
   *
   * @param onTrial whether production stands in where it fails
   */
  record Chosen(ServingModel model, String arm, boolean onTrial) {}

  /** The model that is meant when none is named: the only one. */
  String only() {
    SortedSet<String> all = routes.modelIds();
    if (all.isEmpty()) {
      throw new RefusedException(
          HttpStatus.SERVICE_UNAVAILABLE, "NOT_YET_SERVING", "no model serves yet");
    }
    if (all.size() > 1) {
      throw new RefusedException(
          HttpStatus.BAD_REQUEST, "MODEL_NEEDED", "name one of the models " + all);
    }
    return all.first();
  }

  /**
   * The version for an entity, or for a request that names none; the same key gets the same version
   * while the weights stand. Only entities take part in an A/B test: nothing else tells whose
   * outcomes belong together.
   *
   * @param version asked directly, loaded or not routed alike; null lets the weights decide
   * @param key the entity's, or the request's id
   */
  Chosen choose(String modelId, @Nullable String version, String key, boolean isEntity) {
    if (version != null) {
      return new Chosen(direct(modelId, version), "direct", false);
    }
    Served served = served(modelId);
    String experiment = served.table().experiment();
    if (experiment != null && !isEntity) {
      return production(modelId).orElseThrow(() -> notServing(modelId));
    }
    List<TrafficSplit.Arm> arms =
        served.table().routes().stream()
            .map(route -> new TrafficSplit.Arm(route.version(), arm(route.role()), route.weight()))
            .toList();
    // With the test's own id, or those who saw the last canary first would all be on one side.
    String place = experiment == null ? key : experiment + "/" + key;
    TrafficSplit.Arm arm = TrafficSplit.pick(arms, place).orElseThrow(() -> notServing(modelId));
    boolean onTrial =
        arm.name().equals(arm(Role.CANARY)) || arm.name().equals(arm(Role.CHALLENGER));
    return new Chosen(served.version(arm.version()), arm.name(), onTrial);
  }

  /** The version in production, which stands in for one on trial that fails. */
  Optional<Chosen> production(String modelId) {
    return withRole(modelId, Role.PRODUCTION);
  }

  /** The version that scores copies of the requests, if there is one. */
  Optional<Chosen> shadow(String modelId) {
    return withRole(modelId, Role.SHADOW);
  }

  private Optional<Chosen> withRole(String modelId, Role role) {
    return routes
        .find(modelId)
        .flatMap(
            served ->
                served.table().routes().stream()
                    .filter(route -> route.role() == role)
                    .findFirst()
                    .map(route -> new Chosen(served.version(route.version()), arm(role), false)));
  }

  private Served served(String modelId) {
    return routes
        .find(modelId)
        .orElseThrow(
            () ->
                new RefusedException(HttpStatus.NOT_FOUND, "UNKNOWN_MODEL", "no model " + modelId));
  }

  private ServingModel direct(String modelId, String version) {
    return models
        .find(modelId, version)
        .orElseThrow(
            () ->
                new RefusedException(
                    HttpStatus.NOT_FOUND,
                    "UNKNOWN_VERSION",
                    "version " + version + " of " + modelId + " is not loaded"));
  }

  private static RefusedException notServing(String modelId) {
    return new RefusedException(
        HttpStatus.SERVICE_UNAVAILABLE,
        "NOT_YET_SERVING",
        "no version of " + modelId + " serves yet");
  }

  private static String arm(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }
}
