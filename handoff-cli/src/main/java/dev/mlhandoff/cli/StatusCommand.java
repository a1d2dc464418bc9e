package dev.mlhandoff.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Show a run with its events. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Show a run with its events.")
final class StatusCommand implements Callable<Integer> {

  @Parameters(paramLabel = "RUN", description = "a run id")
  private String run;

  @Option(names = "--home", defaultValue = ".handoff", description = "home of the running system")
  private Path home;

  @Override
  public Integer call() throws Exception {
    System.out.write(Rest.get(Endpoints.read(home).cards() + "/runs/" + run));
    System.out.println();
    return HandoffCommand.DONE;
  }
}
