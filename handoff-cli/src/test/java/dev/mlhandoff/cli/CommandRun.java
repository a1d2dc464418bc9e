package dev.mlhandoff.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** What a command printed, and the status it ended with. */
record CommandRun(int status, String out, String err) {

  static CommandRun of(String... arguments) {
    PrintStream terminal = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    CommandLine command = HandoffCommand.commandLine();
    command.setErr(new PrintWriter(err, true));
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      int status = command.execute(arguments);
      return new CommandRun(status, out.toString(StandardCharsets.UTF_8), err.toString());
    } finally {
      System.setOut(terminal);
    }
  }
}
