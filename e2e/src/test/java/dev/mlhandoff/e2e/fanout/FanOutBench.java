package dev.mlhandoff.e2e.fanout;

import dev.mlhandoff.platform.EmbeddedPlatform;
import dev.mlhandoff.platform.PlatformOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * Prints how long one replica and two take for the same trials, each training one at a time: {@code
 * ./mvnw -pl e2e test-compile exec:java} with this class, or run it from an IDE.
 */
final class FanOutBench {

  private FanOutBench() {}

  public static void main(String[] arguments) throws Exception {
    int rows = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20_000;
    Path folder = Files.createTempDirectory("fan-out");
    try (EmbeddedPlatform platform =
            EmbeddedPlatform.start(PlatformOptions.forTests(folder.resolve("platform")));
        FanOut fanOut = new FanOut(platform, folder, rows)) {
      measure(fanOut, platform, folder, 1);
      measure(fanOut, platform, folder, 2);
    }
    System.exit(0);
  }

  private static void measure(FanOut fanOut, EmbeddedPlatform platform, Path folder, int replicas)
      throws Exception {
    List<EscReplica> running = new ArrayList<>();
    try {
      for (int i = 0; i < replicas; i++) {
        running.add(EscReplica.start(platform, folder, "replica-" + replicas + "-" + i));
      }
      fanOut.awaitReplicas(replicas);
      // The first run warms the replicas up.
      run(fanOut, "run-%015x%d".formatted(1, replicas));
      double seconds = run(fanOut, "run-%015x%d".formatted(2, replicas));
      System.out.printf("%d worker(s): 30 trials in %.1f s%n", replicas, seconds);
    } finally {
      running.forEach(EscReplica::close);
    }
  }

  private static double run(FanOut fanOut, String runId) throws Exception {
    long start = System.nanoTime();
    fanOut.submit(runId);
    Awaitility.await()
        .forever()
        .pollInterval(Duration.ofMillis(20))
        .until(() -> fanOut.resultCount(runId) >= 30);
    double seconds = (System.nanoTime() - start) / 1e9;
    fanOut.handedOver(runId, Duration.ofMinutes(2));
    return seconds;
  }
}
