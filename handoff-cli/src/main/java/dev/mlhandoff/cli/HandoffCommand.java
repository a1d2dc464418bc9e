package dev.mlhandoff.cli;

import java.io.IOException;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The {@code handoff} command. Exit status: 0 done, 2 the request was rejected, 1 anything else.
 */
@Command(
    name = "handoff",
    mixinStandardHelpOptions = true,
    version = "handoff 1.0.0-SNAPSHOT",
    description = "From a one-line project request to a serving model and its card.",
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      DownCommand.class,
      PrepareCommand.class,
      SubmitCommand.class,
      CardCommand.class,
      ApproveCommand.class,
      RejectCommand.class,
      RunsCommand.class,
      StatusCommand.class
    })
public final class HandoffCommand {

  static final int DONE = 0;
  static final int FAILED = 1;
  static final int REJECTED = 2;

  private HandoffCommand() {}

  /** Runs the command and ends the JVM with its status. */
  public static void main(String[] args) {
    // Libraries that log through java.util.logging go to the log file with everything else.
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    CommandLine command = new CommandLine(new HandoffCommand());
    command.setExecutionExceptionHandler(
        (failure, line, result) -> {
          line.getErr().println("handoff: " + message(failure));
          return FAILED;
        });
    command.setParameterExceptionHandler(
        (failure, arguments) -> {
          failure.getCommandLine().getErr().println("handoff: " + failure.getMessage());
          failure.getCommandLine().usage(failure.getCommandLine().getErr());
          return FAILED;
        });
    System.exit(command.execute(args));
  }

  private static String message(Exception failure) {
    return failure instanceof IOException || failure.getMessage() != null
        ? String.valueOf(failure.getMessage())
        : failure.toString();
  }
}
