package dev.mlhandoff.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndpointsTest {

  @TempDir private Path usual;
  @TempDir private Path named;

  @Test
  void whoeverNamesNoHomeFindsTheContainersBehindTheUsualPorts() throws IOException {
    try (ServerSocket broker = listening();
        ServerSocket board = listening()) {
      int port = broker.getLocalPort();
      int http = board.getLocalPort() - Services.CARDS;
      Endpoints found = Endpoints.read(usual, usual, port, http);
      assertThat(found.broker()).isEqualTo("localhost:" + port);
      assertThat(found.predict()).isEqualTo("http://localhost:" + (http + 4));
      assertThat(found.rollouts()).isEqualTo("http://localhost:" + (http + 5));
      assertThat(found.cards()).isEqualTo("http://localhost:" + board.getLocalPort());
      // Somebody's own home is never taken for another system.
      assertThatIOException()
          .isThrownBy(() -> Endpoints.read(named, usual, port, http))
          .withMessageContaining("nothing runs in " + named);
    }
  }

  @Test
  void withoutABrokerNothingRuns() throws IOException {
    int free = free();
    try (ServerSocket board = listening()) {
      int http = board.getLocalPort() - Services.CARDS;
      assertThatIOException()
          .isThrownBy(() -> Endpoints.read(usual, usual, free, http))
          .withMessageContaining("nothing runs in " + usual);
    }
  }

  @Test
  void aBrokerWithoutABoardIsSomebodyElses() throws IOException {
    int http = free() - Services.CARDS;
    try (ServerSocket broker = listening()) {
      assertThatIOException()
          .isThrownBy(() -> Endpoints.read(usual, usual, broker.getLocalPort(), http))
          .withMessageContaining("nothing runs in " + usual);
    }
  }

  @Test
  void aSystemInItsHomeWins() throws IOException {
    Endpoints.ofThisProcess("localhost:1", "p", "c", "r", "s").write(usual);
    try (ServerSocket broker = listening();
        ServerSocket board = listening()) {
      int http = board.getLocalPort() - Services.CARDS;
      assertThat(Endpoints.read(usual, usual, broker.getLocalPort(), http).broker())
          .isEqualTo("localhost:1");
    }
  }

  private static ServerSocket listening() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  private static int free() throws IOException {
    try (ServerSocket socket = listening()) {
      return socket.getLocalPort();
    }
  }
}
