package dev.mlhandoff.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {

  @TempDir private Path home;

  @Test
  void downLeavesAProcessAloneThatOnlyHasTheNumberOfTheFormerOne() throws Exception {
    long self = ProcessHandle.current().pid();
    new Endpoints(self, Instant.EPOCH, "localhost:1", "http://localhost:2", "x", "y", "z")
        .write(home);
    CommandRun down = CommandRun.of("down", "--home", home.toString());
    assertThat(down.status()).isEqualTo(HandoffCommand.DONE);
    assertThat(down.out()).contains("nothing runs in " + home);
    assertThat(Endpoints.find(home)).isEmpty();
  }

  @Test
  void theEndpointsOfARunningProcessAreFound() throws Exception {
    Endpoints written = Endpoints.ofThisProcess("localhost:1", "http://localhost:2", "x", "y", "z");
    written.write(home);
    assertThat(Endpoints.find(home)).contains(written);
  }

  @Test
  void aStartInTheBackgroundThatFailsSaysWhy() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CommandRun up =
          CommandRun.of(
              "up",
              "--detach",
              "--home",
              home.toString(),
              "--http-port=0",
              "--postgres-port=0",
              "--s3-port=0",
              "--kafka-port=" + taken.getLocalPort());
      assertThat(up.status()).isEqualTo(HandoffCommand.FAILED);
      assertThat(up.err())
          .contains("Kafka cannot listen on port " + taken.getLocalPort(), "--kafka-port");
    }
  }

  @Test
  void aRowOfServicePortsNamesTheOneThatIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CommandRun up =
          CommandRun.of("up", "--home", home.toString(), "--http-port=" + taken.getLocalPort());
      assertThat(up.err())
          .contains("persona-por cannot listen on port " + taken.getLocalPort(), "--http-port");
    }
  }

  @Test
  void anUnknownOptionIsNamedAndHelpIsOffered() {
    CommandRun wrong = CommandRun.of("submit", "--wiat", "x.json");
    assertThat(wrong.status()).isEqualTo(HandoffCommand.FAILED);
    assertThat(wrong.err()).contains("--wiat", "handoff submit --help");
  }

  @Test
  void aRequestFileThatIsNotThereIsNamed() {
    CommandRun missing = CommandRun.of("submit", "nowhere.json", "--bootstrap", "localhost:1");
    assertThat(missing.status()).isEqualTo(HandoffCommand.FAILED);
    assertThat(missing.err()).contains("there is no file nowhere.json");
  }

  @Test
  void columnsAreAsWideAsTheirCellsAndControlCharactersStayOut() throws Exception {
    TextTable table = new TextTable("RUN", "NAME");
    table.row("run-1", "a\u001b[31mb");
    List<String> lines = new ArrayList<>();
    Path file = home.resolve("table.txt");
    try (java.io.PrintStream out = new java.io.PrintStream(file.toFile(), "UTF-8")) {
      table.print(out);
    }
    lines.addAll(Files.readAllLines(file));
    assertThat(lines).containsExactly("RUN    NAME", "run-1  a [31mb");
  }
}
