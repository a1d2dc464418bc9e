package dev.mlhandoff.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Stops what {@code up --detach} started. */
@Command(name = "down", mixinStandardHelpOptions = true, description = "Stop a running system.")
final class DownCommand implements Callable<Integer> {

  @Option(names = "--home", defaultValue = ".handoff", description = "folder of all data")
  private Path home;

  @Override
  public Integer call() throws Exception {
    Endpoints endpoints = Endpoints.read(home);
    ProcessHandle process = ProcessHandle.of(endpoints.pid()).orElse(null);
    if (process != null && process.destroy()) {
      ProcessHandle ended = process.onExit().get(60, TimeUnit.SECONDS);
      System.out.println("stopped process " + ended.pid());
    }
    Endpoints.forget(home);
    return HandoffCommand.DONE;
  }
}
