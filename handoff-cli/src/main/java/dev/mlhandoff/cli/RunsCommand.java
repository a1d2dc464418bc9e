package dev.mlhandoff.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** List the runs. */
@Command(name = "runs", mixinStandardHelpOptions = true, description = "List the runs.")
final class RunsCommand implements Callable<Integer> {

  @Option(names = "--home", defaultValue = ".handoff", description = "home of the running system")
  private Path home;

  @Override
  public Integer call() throws Exception {
    System.out.write(Rest.get(Endpoints.read(home).cards() + "/runs"));
    System.out.println();
    return HandoffCommand.DONE;
  }
}
