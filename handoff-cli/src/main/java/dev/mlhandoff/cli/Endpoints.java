package dev.mlhandoff.cli;

import dev.mlhandoff.messages.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Where a running system is found; kept in its home.
 *
 * @param pid process of the system
 * @param broker {@code host:port}
 */
record Endpoints(long pid, String broker, String predict, String cards) {

  private static final String FILE = "endpoints.json";

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
   * @throws IOException if nothing runs there, in words for the user
   */
  static Endpoints read(Path home) throws IOException {
    Path file = home.resolve(FILE);
    if (!Files.exists(file)) {
      throw new IOException("nothing runs in " + home + "; start it with: handoff up");
    }
    return Json.read(Files.readAllBytes(file), Endpoints.class);
  }

  boolean isAlive() {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }
}
