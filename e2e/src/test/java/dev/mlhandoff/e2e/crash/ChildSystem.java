package dev.mlhandoff.e2e.crash;

import dev.mlhandoff.messages.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Platform and all services as {@code handoff up} starts them, in a JVM that may die. */
final class ChildSystem implements AutoCloseable {

  /** What a JVM ends with that was halted at a failpoint, and what a kill shows as. */
  static final int KILLED = 137;

  private static final String MARK = "failpoint ";
  private static final long STOP_SECONDS = 60;

  private final Process process;
  private final Path home;
  private final Path output;

  private ChildSystem(Process process, Path home, Path output) {
    this.process = process;
    this.home = home;
    this.output = output;
  }

  /**
   * Starts it, on what a home already holds; returns before it is ready.
   *
   * @param failpoints in the form that {@link dev.mlhandoff.runtime.Failpoint} reads
   */
  static ChildSystem start(Path home, Path catalog, int s3Port, Collection<String> failpoints)
      throws IOException {
    Files.deleteIfExists(home.resolve("endpoints.json"));
    Path output = Files.createTempFile(home, "output", ".log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Short-lived: the quick compiler starts it in half the time.
    command.addAll(List.of("-Xmx600m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-XX:ReservedCodeCacheSize=192m");
    command.add("-Duser.timezone=UTC");
    command.add("-Dorg.springframework.boot.logging.LoggingSystem=none");
    command.add("-Dhandoff.failpoints=" + String.join(",", failpoints));
    command.addAll(List.of("-cp", classPath(), "dev.mlhandoff.cli.HandoffCommand", "up"));
    command.addAll(List.of("--home", home.toString(), "--catalog", catalog.toString()));
    command.addAll(List.of("--kafka-port", "0", "--postgres-port", "0", "--http-port", "0"));
    command.addAll(List.of("--s3-port", String.valueOf(s3Port)));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    return new ChildSystem(process, home, output);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** The broker's address, once everything is ready. */
  Optional<String> broker() throws IOException {
    Path endpoints = home.resolve("endpoints.json");
    return Files.exists(endpoints)
        ? Optional.of(Json.tree(Files.readAllBytes(endpoints)).path("broker").asString())
        : Optional.empty();
  }

  /** Where it was halted, if it was. */
  Optional<String> haltedAt() throws IOException {
    if (process.isAlive() || process.exitValue() != KILLED) {
      return Optional.empty();
    }
    return Files.readAllLines(output).stream()
        .filter(line -> line.startsWith(MARK))
        .map(line -> line.substring(MARK.length()))
        .reduce((earlier, later) -> later);
  }

  String output() throws IOException {
    return Files.readString(output);
  }

  /** As a power cut: no shutdown hook runs. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Stops it in good order, as {@code handoff down} does. */
  @Override
  public void close() {
    process.destroy();
    try {
      process.onExit().orTimeout(STOP_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      kill();
      throw new IllegalStateException("it did not stop within " + STOP_SECONDS + " s", e);
    }
  }

  /** Surefire starts its JVM with a jar that only names the real class path. */
  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }
}
