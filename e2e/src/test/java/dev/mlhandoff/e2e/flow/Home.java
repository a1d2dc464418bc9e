package dev.mlhandoff.e2e.flow;

import dev.mlhandoff.messages.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/** The home of a running system, by which commands find it. */
final class Home {

  private Home() {}

  /** As a system leaves it that runs in this process. */
  static Path write(Path home, FlowSystem system) throws IOException {
    ProcessHandle self = ProcessHandle.current();
    Files.createDirectories(home);
    Files.write(
        home.resolve("endpoints.json"),
        Json.write(
            Map.of(
                "pid", self.pid(),
                "started", self.info().startInstant().orElse(Instant.EPOCH),
                "broker", system.backends().broker(),
                "predict", system.services().predictions(),
                "cards", system.services().cards(),
                "rollouts", system.services().rollouts(),
                "objectStore", system.backends().objectStore().toString())));
    return home;
  }
}
