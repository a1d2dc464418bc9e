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
    try (ServerSocket broker = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = broker.getLocalPort();
      Endpoints found = Endpoints.read(usual, usual, port);
      assertThat(found.broker()).isEqualTo("localhost:" + port);
      assertThat(found.predict()).isEqualTo("http://localhost:8085");
      assertThat(found.rollouts()).isEqualTo("http://localhost:8086");
      assertThat(found.cards()).isEqualTo("http://localhost:8087");
      // Somebody's own home is never taken for another system.
      assertThatIOException()
          .isThrownBy(() -> Endpoints.read(named, usual, port))
          .withMessageContaining("nothing runs in " + named);
    }
  }

  @Test
  void withoutABrokerNothingRuns() throws IOException {
    int free;
    try (ServerSocket broker = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = broker.getLocalPort();
    }
    assertThatIOException()
        .isThrownBy(() -> Endpoints.read(usual, usual, free))
        .withMessageContaining("nothing runs in " + usual);
  }

  @Test
  void aSystemInItsHomeWins() throws IOException {
    Endpoints.ofThisProcess("localhost:1", "p", "c", "r", "s").write(usual);
    try (ServerSocket broker = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(Endpoints.read(usual, usual, broker.getLocalPort()).broker())
          .isEqualTo("localhost:1");
    }
  }
}
