package dev.mlhandoff.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Stops what runs in a home; a process that only has the number of the former one is left alone.
 */
@Command(
    name = "down",
    mixinStandardHelpOptions = true,
    description = "Stop the system that runs in a home; its data stays.")
final class DownCommand implements Callable<Integer> {

  private static final long PATIENCE_SECONDS = 60;

  @Option(
      names = "--home",
      defaultValue = SystemOptions.HOME,
      description = "home of the running system (default: ${DEFAULT-VALUE})")
  private Path home;

  @Override
  public Integer call() throws Exception {
    Optional<ProcessHandle> process = Endpoints.find(home).flatMap(Endpoints::process);
    if (process.isEmpty()) {
      Endpoints.forget(home);
      System.out.println("nothing runs in " + home);
      return HandoffCommand.DONE;
    }
    System.out.println("stopping process " + process.get().pid());
    if (!process.get().destroy()) {
      throw new IOException("process %d could not be asked to stop".formatted(process.get().pid()));
    }
    try {
      ProcessHandle ended = process.get().onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      System.out.println("stopped process " + ended.pid());
    } catch (TimeoutException e) {
      throw new IOException(
          "process %d has not stopped within %d s; its log is in %s"
              .formatted(process.get().pid(), PATIENCE_SECONDS, home.resolve("logs")),
          e);
    }
    Endpoints.forget(home);
    return HandoffCommand.DONE;
  }
}
