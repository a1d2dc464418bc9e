package dev.mlhandoff.e2e.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.cli.HandoffCommand;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;

/** The {@code handoff} command, as a user gives it. */
final class Command {

  private Command() {}

  /** Runs it; returns what it printed. */
  static String run(int status, String... arguments) {
    PrintStream terminal = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, UTF_8));
    try {
      assertThat(HandoffCommand.commandLine().execute(arguments))
          .as(out.toString(UTF_8))
          .isEqualTo(status);
    } finally {
      System.setOut(terminal);
    }
    return out.toString(UTF_8);
  }

  /** Everything of a card holds, as the running system's artifacts and card service tell. */
  static void verify(String card, FlowSystem system, Path folder) throws Exception {
    String home = Home.write(folder.resolve("home"), system).toString();
    assertThat(run(0, "verify", card, "--home", home)).contains("0 do not, 0 could not be checked");
  }
}
