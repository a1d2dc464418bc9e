package dev.mlhandoff.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  @Mixin private SystemOptions system;
  @Spec private CommandSpec spec;

  @Option(names = "--catalog", description = "your dataset catalog instead of the sample data")
  private @Nullable Path catalog;

  @Option(names = "--detach", description = "return when everything is ready")
  private boolean detach;

  @Override
  public Integer call() throws Exception {
    if (detach) {
      return startInBackground();
    }
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
    Endpoints.forget(home);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(HandoffCommand.class.getName());
    // These are all arguments of the command line, "up" among them.
    spec.commandLine().getParseResult().originalArgs().stream()
        .filter(argument -> !argument.equals("--detach"))
        .forEach(command::add);
    File log = home.resolve("handoff.log").toFile();
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
            .start();
    while (!Files.exists(home.resolve("endpoints.json"))) {
      if (!process.isAlive()) {
        throw new IOException("it did not start; see " + log);
      }
      Thread.sleep(POLL_MILLIS);
    }
    print(Endpoints.read(home));
    return HandoffCommand.DONE;
  }

  private static void print(Endpoints endpoints) {
    System.out.println(endpoints.broker());
    System.out.println("predict " + endpoints.predict());
    System.out.println("cards " + endpoints.cards());
  }
}
