package dev.mlhandoff.e2e.flow;

import dev.mlhandoff.cli.Backends;
import dev.mlhandoff.platform.EmbeddedDatabase;
import dev.mlhandoff.platform.EmbeddedObjectStore;
import dev.mlhandoff.platform.EmbeddedPlatform;
import dev.mlhandoff.platform.PlatformOptions;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Broker, database and object store of the flow tests, and how to stop them: embedded, or as
 * containers with {@code -Dhandoff.testcontainers=true}.
 *
 * @param stop closes everything
 */
record FlowBackends(Backends backends, Stop stop) {

  /** The system property that asks for containers. */
  static final String CONTAINERS = "handoff.testcontainers";

  /** Closes what was started. */
  interface Stop {
    void run() throws IOException;
  }

  static FlowBackends start(Path folder) throws IOException {
    return Boolean.getBoolean(CONTAINERS) ? Containers.start() : embedded(folder);
  }

  private static FlowBackends embedded(Path folder) throws IOException {
    EmbeddedPlatform platform = EmbeddedPlatform.start(PlatformOptions.forTests(folder));
    return new FlowBackends(
        new Backends(
            platform.broker().bootstrapServers(),
            platform.database().jdbcUrl(),
            EmbeddedDatabase.USER,
            EmbeddedDatabase.PASSWORD,
            platform.objectStore().endpoint(),
            EmbeddedObjectStore.ACCESS_KEY,
            EmbeddedObjectStore.SECRET_KEY),
        platform::close);
  }
}
