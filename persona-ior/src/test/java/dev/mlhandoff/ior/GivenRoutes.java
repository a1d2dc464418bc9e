package dev.mlhandoff.ior;

import dev.mlhandoff.ior.Routes.Served;
import dev.mlhandoff.ior.serving.ServingModel;
import dev.mlhandoff.messages.RouteTable;
import dev.mlhandoff.messages.RouteTable.Route;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** Routes that a test says, without a broker. */
final class GivenRoutes implements RoutedModels {

  private final LoadedModels models;
  private final Map<String, Served> tables = new ConcurrentHashMap<>();

  GivenRoutes(LoadedModels models) {
    this.models = models;
  }

  /** Puts these routes in the place of the service's own. */
  @Configuration(proxyBeanMethods = false)
  static class Wiring {
    @Bean
    @Primary
    GivenRoutes givenRoutes(LoadedModels models) {
      return new GivenRoutes(models);
    }
  }

  void follow(RouteTable table) {
    Map<String, ServingModel> versions = new HashMap<>();
    for (Route route : table.routes()) {
      try {
        versions.put(
            route.version(),
            models.load(table.modelId(), route.version(), route.bundle(), route.featureDigest()));
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    follow(table, versions);
  }

  void follow(RouteTable table, Map<String, ServingModel> versions) {
    tables.put(table.modelId(), new Served(table, versions));
  }

  @Override
  public Optional<Served> find(String modelId) {
    return Optional.ofNullable(tables.get(modelId));
  }

  @Override
  public boolean isCaughtUp() {
    return true;
  }

  @Override
  public SortedSet<String> modelIds() {
    return new TreeSet<>(tables.keySet());
  }
}
