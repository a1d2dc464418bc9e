package dev.mlhandoff.e2e.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mlhandoff.platform.SharedPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prints how many single-row requests a second IOR answers on one processor, what it does at three
 * times as many, and how that compares with a path of the same server that does nothing. The
 * generator, broker and database have the other processor. Figures, no assertions about time:
 * {@code ./mvnw -pl e2e -am test -Dtest=ServingBench -Dsurefire.failIfNoSpecifiedTests=false}, with
 * {@code -Dbench.seconds=} for another length of a run (30), {@code -Dbench.family=} for another
 * model family, {@code -Dbench.minutes=} for as long a look at the server's memory, and {@code
 * -Dbench.capacity=} for a capacity that is known already.
 */
class ServingBench {

  private static final int SERVER_PROCESSOR = 0;
  private static final int OTHER_PROCESSOR = 1;
  private static final int CONNECTIONS = 4000;
  private static final double LIMIT_MS = 100;
  private static final double FIRST_RATE = 100;
  private static final double WARM_RATE = 8 * FIRST_RATE;
  private static final double FACTOR = 1.6;
  private static final double PRECISION = 1.05;
  private static final double OVERLOAD = 3;
  private static final double STEADY = 0.7;
  private static final int PROBES_PER_RUN = 5;

  /** Runs until one is not void. */
  private static final int ATTEMPTS = 3;

  private final Duration run = Duration.ofSeconds(Integer.getInteger("bench.seconds", 30));
  private final Duration probe =
      run.dividedBy(PROBES_PER_RUN).compareTo(Duration.ofSeconds(1)) < 0
          ? Duration.ofSeconds(1)
          : run.dividedBy(PROBES_PER_RUN);
  private final int minutes = Integer.getInteger("bench.minutes", 0);
  private final int known = Integer.getInteger("bench.capacity", 0);
  private final String family = System.getProperty("bench.family", "gradient_boosting");

  @TempDir Path folder;

  @Test
  void capacityAndOverload() throws Exception {
    assumeTrue(
        Runtime.getRuntime().availableProcessors() > 1
            && Files.isExecutable(Path.of("/usr/bin/taskset")),
        "needs two processors and taskset");
    // Before the platform starts, whose processes then stay there too.
    pin(ProcessHandle.current().pid());
    BenchModel model = new BenchModel(family);
    try (PinnedServer server =
        PinnedServer.start(SharedPlatform.get(), folder, SERVER_PROCESSOR, model)) {
      OpenLoop predictions = loop(server, model.requests("/predict"));
      OpenLoop nothing = loop(server, model.requests(BenchServer.EMPTY));
      for (double rate = FIRST_RATE; rate <= WARM_RATE; rate *= 2) {
        say("warming up: " + predictions.run(rate, probe));
        say("warming up: " + nothing.run(rate, probe));
      }
      double capacity = known > 0 ? known : capacity("predictions", predictions);
      assertThat(capacity).as("predictions a second").isPositive();
      LoadReport overload = measured(predictions, OVERLOAD * capacity, run);
      say("three times capacity: " + overload);
      double empty = capacity("empty handler", nothing);
      say(
          "capacity: %.0f predictions/s (%s), %.0f/s by an empty handler, ratio %.2f"
              .formatted(capacity, family, empty, capacity / empty));
      say(
          "three times capacity: %.0f/s answered, p99 %.1f ms; %.1f %% got 429 or 503"
              .formatted(
                  overload.goodput(run.toMillis() / 1000.0),
                  overload.p99(),
                  100 * overload.shareRefused()));
      if (minutes > 0) {
        memory(server, predictions, STEADY * capacity);
      }
    }
  }

  /**
   * The highest rate at which everything is answered over a whole run, in requests a second; 0 if
   * there is none from 1 on.
   */
  private double capacity(String what, OpenLoop loop) throws IOException {
    double good = FIRST_RATE;
    while (good >= 1 && !isWithin(what, loop, good, probe)) {
      good /= FACTOR;
    }
    double bad = good * FACTOR;
    while (good >= 1 && isWithin(what, loop, bad, probe)) {
      good = bad;
      bad *= FACTOR;
    }
    while (good >= 1 && bad / good > PRECISION) {
      double middle = Math.sqrt(good * bad);
      if (isWithin(what, loop, middle, probe)) {
        good = middle;
      } else {
        bad = middle;
      }
    }
    while (good >= 1 && !isWithin(what, loop, good, run)) {
      good /= PRECISION;
    }
    return good >= 1 ? good : 0;
  }

  private static boolean isWithin(String what, OpenLoop loop, double rate, Duration duration)
      throws IOException {
    // Twice: a compiler that was still at work on the one processor is not the server's limit.
    for (int attempt = 1; attempt <= 2; attempt++) {
      LoadReport report = loop.run(rate, duration);
      say(what + ", " + duration.toSeconds() + " s: " + report);
      if (report.isWithin(LIMIT_MS)) {
        return true;
      }
    }
    return false;
  }

  /** Another run for each that is void; if all are, the generator is the limit. */
  private static LoadReport measured(OpenLoop loop, double rate, Duration duration)
      throws IOException {
    LoadReport report = loop.run(rate, duration);
    for (int again = 1; again < ATTEMPTS && report.isVoid(); again++) {
      say("once more: " + report);
      report = loop.run(rate, duration);
    }
    return report;
  }

  /** Heap after a full collection, and resident memory, minute by minute. */
  private void memory(PinnedServer server, OpenLoop loop, double rate) throws Exception {
    for (int minute = 1; minute <= minutes; minute++) {
      LoadReport report = measured(loop, rate, Duration.ofMinutes(1));
      run("jcmd", String.valueOf(server.pid()), "GC.run");
      say(
          "minute %d: heap %.1f MB after a collection, resident %.1f MB; %s"
              .formatted(
                  minute,
                  server.metric("jvm_memory_used_bytes", "area=\"heap\"") / 1e6,
                  server.resident() / 1e3,
                  report));
    }
  }

  private static OpenLoop loop(PinnedServer server, List<byte[]> requests) {
    return new OpenLoop(server.address(), requests, CONNECTIONS);
  }

  private static void pin(long pid) throws Exception {
    run("taskset", "-a", "-c", "-p", String.valueOf(OTHER_PROCESSOR), String.valueOf(pid));
  }

  private static void run(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor()).as(List.of(command).toString()).isZero();
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
