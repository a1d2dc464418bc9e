package dev.mlhandoff.cli;

import dev.mlhandoff.data.catalog.DatasetCatalog;
import dev.mlhandoff.messages.Json;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Starts platform and services, and prints where they are. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description = "Start platform and services; prints the endpoints, the broker first.")
final class UpCommand implements Callable<Integer> {

  private static final long POLL_MILLIS = 200;
  private static final int LAST_LINES = 20;

  @Mixin private SystemOptions system;
  @Spec private CommandSpec spec;

  @Option(names = "--catalog", description = "your dataset catalog instead of the sample data")
  private @Nullable Path catalog;

  @Option(names = "--detach", description = "return when everything is ready")
  private boolean detach;

  @Option(
      names = "--timeout",
      defaultValue = "300",
      paramLabel = "SECONDS",
      description = "how long --detach waits (default: ${DEFAULT-VALUE})")
  private int timeout;

  @Option(names = "--json", description = "print the endpoints as JSON")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    if (catalog != null) {
      // What is wrong with it is told before anything starts.
      DatasetCatalog unused = DatasetCatalog.read(catalog);
    }
    if (detach) {
      return startInBackground();
    }
    refuseSecond(system.home());
    CountDownLatch stopped = new CountDownLatch(1);
    EmbeddedSystem running = EmbeddedSystem.start(system, catalog, System.err::println);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    running.close();
                  } catch (IOException e) {
                    System.err.println("handoff: " + e.getMessage());
                  } finally {
                    stopped.countDown();
                  }
                }));
    print(running.endpoints());
    stopped.await();
    return HandoffCommand.DONE;
  }

  private int startInBackground() throws IOException, InterruptedException {
    Path home = system.home().toAbsolutePath();
    Files.createDirectories(home);
    refuseSecond(home);
    Endpoints.forget(home);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(HandoffCommand.class.getName());
    // These are all arguments of the command line, "up" among them.
    spec.commandLine().getParseResult().originalArgs().stream()
        .filter(argument -> !argument.equals("--detach"))
        .forEach(command::add);
    Path log = home.resolve("handoff.log");
    System.err.println("starting in the background; what it says goes to " + log);
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Instant end = Instant.now().plusSeconds(timeout);
    while (Endpoints.find(home).isEmpty()) {
      if (!process.isAlive()) {
        throw new IOException("it did not start:\n" + lastLines(log));
      }
      if (Instant.now().isAfter(end)) {
        process.destroy();
        throw new IOException(
            "it was not ready within %d s and was stopped:%n%s".formatted(timeout, lastLines(log)));
      }
      Thread.sleep(POLL_MILLIS);
    }
    print(Endpoints.read(home));
    return HandoffCommand.DONE;
  }

  private static void refuseSecond(Path home) throws IOException {
    Optional<Endpoints> running = Endpoints.find(home);
    if (running.isPresent()) {
      throw new IOException(
          "process %d runs in %s already; stop it with: handoff down --home %s"
              .formatted(running.get().pid(), home, home));
    }
  }

  private static String lastLines(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
  }

  private void print(Endpoints endpoints) {
    if (json) {
      System.out.println(new String(Json.write(endpoints), StandardCharsets.UTF_8));
      return;
    }
    System.out.println(endpoints.broker());
    System.out.println("predict " + endpoints.predict());
    System.out.println("cards " + endpoints.cards());
  }
}
