package dev.mlhandoff.cli;

import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;
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
    footer = {
      "",
      "Exit status: 0 done, 2 the request was rejected, 1 anything else.",
      "",
      "  handoff demo --exit                  everything once, with sample data",
      "  handoff up --detach                  the system in the background",
      "  handoff submit request.json --wait   a request, followed to its outcome"
    },
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      DownCommand.class,
      PrepareCommand.class,
      AclsCommand.class,
      SubmitCommand.class,
      CardCommand.class,
      VerifyCommand.class,
      LineageCommand.class,
      ApproveCommand.class,
      RejectCommand.class,
      RunsCommand.class,
      StatusCommand.class,
      RollbackCommand.class,
      RetrainCommand.class,
      BatchCommand.class,
      TrafficCommand.class,
      AbTestCommand.class,
      TrackCommand.class
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
    System.exit(commandLine().execute(args));
  }

  /** The command with all its subcommands, as {@code main} runs it. */
  public static CommandLine commandLine() {
    CommandLine command = new CommandLine(new HandoffCommand());
    command.setExecutionExceptionHandler(
        (failure, line, result) -> {
          line.getErr().println("handoff: " + message(failure));
          return FAILED;
        });
    command.setParameterExceptionHandler(
        (failure, arguments) -> {
          failure.getCommandLine().getErr().println("handoff: " + failure.getMessage());
          failure
              .getCommandLine()
              .getErr()
              .println(
                  "try: " + failure.getCommandLine().getCommandSpec().qualifiedName() + " --help");
          return FAILED;
        });
    return command;
  }

  private static String message(Exception failure) {
    Throwable told = failure;
    while (told instanceof CompletionException && told.getCause() != null) {
      told = told.getCause();
    }
    if (told instanceof NoSuchFileException) {
      return "there is no file " + told.getMessage();
    }
    return told.getMessage() == null ? told.toString() : told.getMessage();
  }
}
