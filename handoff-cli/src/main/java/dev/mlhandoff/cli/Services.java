package dev.mlhandoff.cli;

import dev.mlhandoff.card.ModelCardApplication;
import dev.mlhandoff.esc.EscApplication;
import dev.mlhandoff.far.FarApplication;
import dev.mlhandoff.gate.GateApplication;
import dev.mlhandoff.ior.IorApplication;
import dev.mlhandoff.mos.MosApplication;
import dev.mlhandoff.platform.Ports;
import dev.mlhandoff.por.PorApplication;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;

/** All seven services in this JVM, over backends and topics that are there already. */
public final class Services implements AutoCloseable {

  /** Positions among the services, and so of their ports. */
  static final int PREDICTIONS = 4;

  static final int ROLLOUTS = 5;
  static final int CARDS = 6;
  private static final int FEATURES = 1;

  private static final List<Service> ALL =
      List.of(
          new Service("persona-por", PorApplication.class),
          new Service("persona-far", FarApplication.class),
          new Service("persona-esc", EscApplication.class),
          new Service("gate-service", GateApplication.class),
          new Service("persona-ior", IorApplication.class),
          new Service("persona-mos", MosApplication.class),
          new Service("modelcard-service", ModelCardApplication.class));

  private final List<ConfigurableApplicationContext> contexts;
  private final List<Integer> ports;

  private Services(List<ConfigurableApplicationContext> contexts, List<Integer> ports) {
    this.contexts = contexts;
    this.ports = ports;
  }

  /** A service by the name of its settings. */
  private record Service(String name, Class<?> application) {}

  /**
   * One port for each service.
   *
   * @param first the first of seven in a row; 0 for any free ones
   * @throws dev.mlhandoff.platform.PortInUseException if one of them is taken
   */
  public static List<Integer> claimPorts(int first) {
    List<Integer> claimed = new ArrayList<>();
    for (int i = 0; i < ALL.size(); i++) {
      claimed.add(Ports.claim(ALL.get(i).name(), first == 0 ? 0 : first + i, "http"));
    }
    return claimed;
  }

  /**
   * Starts the services side by side; if one fails, those that did start are closed again.
   *
   * @param work folder for their temporary files
   * @param settings further settings of every service, over the ones that follow from the backends
   * @param say told of each service that is ready
   */
  public static Services start(
      Backends backends,
      Path catalog,
      Path work,
      List<Integer> ports,
      Map<String, String> settings,
      Consumer<String> say) {
    Map<String, String> common = new HashMap<>();
    common.put("spring.kafka.bootstrap-servers", backends.broker());
    common.put("spring.datasource.url", backends.database());
    common.put("spring.datasource.username", backends.databaseUser());
    common.put("spring.datasource.password", backends.databasePassword());
    common.put("handoff.artifacts.endpoint", backends.objectStore().toString());
    common.put("handoff.artifacts.access-key", backends.accessKey());
    common.put("handoff.artifacts.secret-key", backends.secretKey());
    common.put("handoff.por.catalog", catalog.toAbsolutePath().toString());
    common.put("handoff.mos.inference-url", address(ports.get(PREDICTIONS)));
    common.put("handoff.work-directory", work.toString());
    common.putAll(settings);
    // They share this JVM's logging; each setting it up anew, at the same time, would break it.
    System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
    List<CompletableFuture<ConfigurableApplicationContext>> starting = new ArrayList<>();
    for (int i = 0; i < ALL.size(); i++) {
      Service service = ALL.get(i);
      int port = ports.get(i);
      starting.add(
          CompletableFuture.supplyAsync(
              () -> {
                ConfigurableApplicationContext context = start(service, port, common);
                say.accept("  " + service.name() + " is ready");
                return context;
              }));
    }
    try {
      return new Services(starting.stream().map(CompletableFuture::join).toList(), ports);
    } catch (CompletionException e) {
      starting.forEach(
          service ->
              service
                  .handle((context, failure) -> context)
                  .thenAccept(
                      context -> {
                        if (context != null) {
                          context.close();
                        }
                      })
                  .join());
      throw e;
    }
  }

  /** Address of the registry of feature views. */
  public String features() {
    return address(ports.get(FEATURES));
  }

  /** Address that answers predictions. */
  public String predictions() {
    return address(ports.get(PREDICTIONS));
  }

  /** Address that rolls versions back. */
  public String rollouts() {
    return address(ports.get(ROLLOUTS));
  }

  /** Address that lists runs and cards. */
  public String cards() {
    return address(ports.get(CARDS));
  }

  @Override
  public void close() {
    contexts.parallelStream().forEach(ConfigurableApplicationContext::close);
  }

  private static String address(int port) {
    return "http://localhost:" + port;
  }

  private static ConfigurableApplicationContext start(
      Service service, int port, Map<String, String> common) {
    List<String> arguments = new ArrayList<>();
    arguments.add("--spring.config.name=" + service.name());
    arguments.add("--server.port=" + port);
    common.forEach((key, value) -> arguments.add("--" + key + "=" + value));
    return new SpringApplicationBuilder(service.application())
        .registerShutdownHook(false)
        .run(arguments.toArray(String[]::new));
  }
}
