package dev.mlhandoff.e2e.serving;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OpenLoopTest {

  private static final byte[] REQUEST =
      "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}".getBytes(US_ASCII);
  private static final int RATE = 100;
  private static final int STALLED = 40;
  private static final long STALL_MS = 600;

  @Test
  void countsTheTimeThatRequestsBehindASlowAnswerWaited() throws Exception {
    AtomicInteger seen = new AtomicInteger();
    // One request after the other, of which one stalls and every tenth is refused.
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/x",
        exchange -> {
          int number = seen.incrementAndGet();
          if (number == STALLED) {
            stall();
          }
          exchange.getRequestBody().readAllBytes();
          // Without a known length the answer is chunked.
          exchange.sendResponseHeaders(number % 10 == 0 ? 429 : 200, number % 2 == 0 ? 2 : 0);
          exchange.getResponseBody().write(new byte[] {'{', '}'});
          exchange.close();
        });
    server.start();
    try {
      LoadReport report =
          new OpenLoop(server.getAddress(), List.of(REQUEST), 200).run(RATE, Duration.ofSeconds(1));
      assertThat(seen).hasValue(RATE);
      assertThat(report.shareRefused()).isEqualTo(0.1);
      assertThat(report.goodput(1)).isEqualTo(90);
      // Sixty came behind the stall or were due within it; one request alone would be past p99.
      assertThat(report.p99()).isGreaterThan(STALL_MS / 2.0);
      assertThat(report.isWithin(STALL_MS / 2.0)).isFalse();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aServerThatIsNotThereIsAFailure() throws Exception {
    LoadReport report =
        new OpenLoop(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 1), List.of(REQUEST), 5)
            .run(RATE, Duration.ofMillis(100));
    assertThat(report.isWithin(1e9)).isFalse();
    assertThat(report.toString()).contains("refused");
  }

  @Test
  void aRunInWhichTheGeneratorFallsBehindIsVoid() {
    LoadReport report = new LoadReport(RATE);
    for (int i = 0; i < 100; i++) {
      report.due(i < 98 ? 0 : 50_000_000L);
      report.answered(200, 1_000_000);
    }
    assertThat(report.isVoid()).isTrue();
    assertThat(report.isWithin(100)).isFalse();
    assertThat(report.toString()).startsWith("VOID");
  }

  /** The delay is what is measured: there is nothing to wait for. */
  private static void stall() throws IOException {
    try {
      Thread.sleep(STALL_MS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
