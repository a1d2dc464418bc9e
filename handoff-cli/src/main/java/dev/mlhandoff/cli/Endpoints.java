package dev.mlhandoff.cli;

import dev.mlhandoff.messages.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/**
 * Where a running system is found; kept in its home.
 *
 * @param pid process of the system
 * @param started when that process began, by the system's clock; a later process of the same pid is
 *     another one
 * @param broker {@code host:port}
 * @param rollouts where MOS answers
 * @param objectStore address of the S3 server
 */
record Endpoints(
    long pid,
    Instant started,
    String broker,
    String predict,
    String cards,
    String rollouts,
    String objectStore) {

  private static final String FILE = "endpoints.json";

  private static final int REACH_MS = 2_000;

  /** The time of the machine's start, from which this is computed, moves when the clock is set. */
  private static final Duration CLOCK_STEP = Duration.ofSeconds(5);

  /** The endpoints of a system in this process. */
  static Endpoints ofThisProcess(
      String broker, String predict, String cards, String rollouts, String objectStore) {
    ProcessHandle self = ProcessHandle.current();
    return new Endpoints(self.pid(), started(self), broker, predict, cards, rollouts, objectStore);
  }

  void write(Path home) throws IOException {
    Path unfinished = home.resolve(FILE + ".tmp");
    Files.write(unfinished, Json.writePretty(this));
    Files.move(
        unfinished,
        home.resolve(FILE),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  static void forget(Path home) throws IOException {
    Files.deleteIfExists(home.resolve(FILE));
  }

  /**
   * The endpoints of the system that runs there, if one does; what a killed one left is ignored.
   */
  static Optional<Endpoints> find(Path home) throws IOException {
    Path file = home.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      Endpoints found = Json.read(Files.readAllBytes(file), Endpoints.class);
      return found.process().isPresent() ? Optional.of(found) : Optional.empty();
    } catch (JacksonException e) {
      throw new IOException(file + " is damaged; delete it if nothing runs there", e);
    }
  }

  /**
   * The endpoints of the system that runs there; for those who name no home, else of the one behind
   * the usual ports of this machine, such as the containers. A broker alone may be anybody's: the
   * board has to listen as well.
   *
   * @throws IOException if nothing runs there, in words for the user
   */
  static Endpoints read(Path home) throws IOException {
    return read(
        home,
        Path.of(SystemOptions.HOME),
        Integer.parseInt(SystemOptions.KAFKA_PORT),
        Integer.parseInt(SystemOptions.HTTP_PORT));
  }

  /**
   * @param usual the home of those who name none
   * @param broker its usual port
   * @param http the first of the services' usual ports
   */
  static Endpoints read(Path home, Path usual, int broker, int http) throws IOException {
    Optional<Endpoints> found = find(home);
    if (found.isEmpty()
        && home.equals(usual)
        && listens(broker)
        && listens(http + Services.CARDS)) {
      return atUsualPorts(broker, http);
    }
    return found.orElseThrow(
        () -> new IOException("nothing runs in " + home + "; start it with: handoff up"));
  }

  private static Endpoints atUsualPorts(int broker, int http) {
    return new Endpoints(
        0,
        Instant.EPOCH,
        "localhost:" + broker,
        "http://localhost:" + (http + Services.PREDICTIONS),
        "http://localhost:" + (http + Services.CARDS),
        "http://localhost:" + (http + Services.ROLLOUTS),
        "http://localhost:" + SystemOptions.S3_PORT);
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), REACH_MS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The very process that wrote this, if it still runs. */
  Optional<ProcessHandle> process() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(process -> CLOCK_STEP.compareTo(distance(started(process), started)) > 0);
  }

  private static Duration distance(Instant one, Instant other) {
    return Duration.between(one, other).abs();
  }

  private static Instant started(ProcessHandle process) {
    return process.info().startInstant().orElse(Instant.EPOCH);
  }
}
