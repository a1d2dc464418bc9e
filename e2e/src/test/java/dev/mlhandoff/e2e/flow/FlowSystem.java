package dev.mlhandoff.e2e.flow;

import dev.mlhandoff.cli.Backends;
import dev.mlhandoff.cli.ContractTopics;
import dev.mlhandoff.cli.Services;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Platform and services with the small datasets as their catalog. */
final class FlowSystem implements AutoCloseable {

  private final FlowBackends backends;
  private final Services services;
  private final Outage sourceDatabase;
  private final TraceReceiver traces;

  private FlowSystem(
      FlowBackends backends, Services services, Outage sourceDatabase, TraceReceiver traces) {
    this.backends = backends;
    this.services = services;
    this.sourceDatabase = sourceDatabase;
    this.traces = traces;
  }

  /** The one that all flow tests of this JVM share. */
  static FlowSystem get() {
    return Holder.SYSTEM;
  }

  Backends backends() {
    return backends.backends();
  }

  Services services() {
    return services;
  }

  /** What stands between the data pipeline and its source database. */
  Outage sourceDatabase() {
    return sourceDatabase;
  }

  /** What the services tell of their work. */
  TraceReceiver traces() {
    return traces;
  }

  /** One more, with an empty home. */
  static FlowSystem start() throws Exception {
    Path folder = Files.createTempDirectory("ml-handoff-flow");
    FlowBackends started = FlowBackends.start(folder.resolve("platform"));
    Backends backends = started.backends();
    ContractTopics.createMissing(backends.broker());
    Path catalog = Datasets.write(folder);
    Datasets.load(backends.database(), backends.databaseUser(), backends.databasePassword());
    URI database = URI.create(backends.database().substring("jdbc:".length()));
    Outage sourceDatabase = new Outage(database.getHost(), database.getPort());
    TraceReceiver traces = TraceReceiver.start();
    Services services =
        Services.start(
            backends,
            catalog,
            folder.resolve("work"),
            Services.claimPorts(0),
            Map.of(
                "handoff.tracing.endpoint",
                traces.endpoint(),
                "handoff.por.source.url",
                "jdbc:postgresql://localhost:" + sourceDatabase.port() + database.getPath(),
                "handoff.mos.step-timeout",
                "2s",
                "handoff.mos.retrain.interval",
                "1s",
                "handoff.mos.retrain.minimum-holdout",
                "200"),
            line -> {});
    return new FlowSystem(started, services, sourceDatabase, traces);
  }

  @Override
  public void close() throws IOException {
    services.close();
    traces.close();
    sourceDatabase.close();
    backends.stop().run();
  }

  private static final class Holder {
    static final FlowSystem SYSTEM = started();

    private static FlowSystem started() {
      try {
        FlowSystem system = start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(system)));
        return system;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (Exception e) {
        throw new IllegalStateException("the system did not start", e);
      }
    }

    private static void stop(FlowSystem system) {
      try {
        system.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
