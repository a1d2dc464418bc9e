package dev.mlhandoff.e2e.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.e2e.process.ServiceProcess;
import dev.mlhandoff.messages.TrialResult;
import dev.mlhandoff.platform.SharedPlatform;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prints how long one replica and two take for the same trials, each training one at a time, and
 * when a replica that joins in the middle takes its first trial. Figures, no assertions about time:
 * {@code ./mvnw -pl e2e -am test -Dtest=FanOutBench -Dsurefire.failIfNoSpecifiedTests=false}, with
 * {@code -Dbench.rows=} for another size.
 */
class FanOutBench {

  private static final Duration PATIENCE = Duration.ofMinutes(30);
  private static final Duration OFTEN = Duration.ofMillis(20);

  private final int rows = Integer.getInteger("bench.rows", 20_000);
  private int runs;

  @TempDir Path folder;

  /** The wall time of a run's trials, the longest time without a result, and who did how many. */
  private record Measured(double seconds, double longestPause, Map<String, Long> trials) {}

  @Test
  void oneWorkerAgainstTwo() throws Exception {
    try (FanOut fanOut = new FanOut(SharedPlatform.get(), folder, rows)) {
      Measured one = measure(fanOut, 1);
      Measured two = measure(fanOut, 2);
      double joined = joiningInTheMiddle(fanOut);
      System.out.printf(
          "%d rows, %d trials%n1 worker: %s%n2 workers: %s%nratio of the wall times: %.2f%n"
              + "joining in the middle: first result %.1f s after its partitions%n",
          rows, FanOut.TRIALS, text(one), text(two), two.seconds() / one.seconds(), joined);
      assertThat(two.trials()).hasSize(2);
    }
  }

  private Measured measure(FanOut fanOut, int replicas) throws Exception {
    List<ServiceProcess> running = new ArrayList<>();
    try {
      for (int i = 0; i < replicas; i++) {
        running.add(replica("of-" + replicas + "-" + i));
      }
      fanOut.awaitReplicas(replicas);
      run(fanOut); // warms the replicas up
      return run(fanOut);
    } finally {
      running.forEach(ServiceProcess::close);
    }
  }

  private Measured run(FanOut fanOut) throws Exception {
    String runId = nextRun();
    long start = System.nanoTime();
    fanOut.submit(runId);
    long[] last = {start, 0}; // time of the latest result, longest pause before one
    int[] seen = {0};
    Awaitility.await("all trials of " + runId)
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(OFTEN)
        .until(
            () -> {
              int count = fanOut.resultCount(runId);
              if (count > seen[0]) {
                long now = System.nanoTime();
                last[1] = Math.max(last[1], now - last[0]);
                last[0] = now;
                seen[0] = count;
              }
              return count == FanOut.TRIALS;
            });
    double seconds = (System.nanoTime() - start) / 1e9;
    assertThat(fanOut.handedOver(runId, PATIENCE)).hasSize(1);
    return new Measured(seconds, last[1] / 1e9, workers(fanOut, runId));
  }

  /** Seconds from the assignment of a second replica to its first result. */
  private double joiningInTheMiddle(FanOut fanOut) throws Exception {
    try (ServiceProcess first = replica("first")) {
      fanOut.awaitReplicas(1);
      // One run after the other, so that there is work whenever the second one has started.
      List<String> submitted = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        submitted.add(nextRun());
        fanOut.submit(submitted.get(i));
      }
      Awaitility.await(first.output())
          .atMost(PATIENCE)
          .until(() -> fanOut.resultCount(submitted.get(0)) > 0);
      try (ServiceProcess second = replica("second")) {
        fanOut.awaitReplicas(2);
        long joined = System.nanoTime();
        Awaitility.await("a trial of the second: " + second.output())
            .atMost(PATIENCE)
            .pollInterval(OFTEN)
            .until(() -> hasWorked(fanOut, submitted, "second"));
        double seconds = (System.nanoTime() - joined) / 1e9;
        for (String run : submitted) {
          assertThat(fanOut.handedOver(run, PATIENCE)).hasSize(1);
        }
        return seconds;
      }
    }
  }

  private static boolean hasWorked(FanOut fanOut, List<String> runs, String worker)
      throws Exception {
    for (String run : runs) {
      if (workers(fanOut, run).containsKey(worker)) {
        return true;
      }
    }
    return false;
  }

  private static Map<String, Long> workers(FanOut fanOut, String runId) throws Exception {
    return fanOut.results(runId).values().stream()
        .collect(Collectors.groupingBy(TrialResult::worker, TreeMap::new, Collectors.counting()));
  }

  private ServiceProcess replica(String name) throws Exception {
    return EscReplica.start(SharedPlatform.get(), folder, name);
  }

  private String nextRun() {
    return "run-%016x".formatted(++runs);
  }

  private static String text(Measured measured) {
    return "%.1f s, longest time without a result %.1f s, trials %s"
        .formatted(measured.seconds(), measured.longestPause(), measured.trials());
  }
}
