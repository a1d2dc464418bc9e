package dev.mlhandoff.platform;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** PostgreSQL as a child process that keeps its data over restarts. */
public final class EmbeddedDatabase implements AutoCloseable {

  /** The embedded server's only user; it listens on the loopback address alone. */
  public static final String USER = "postgres";

  /** Its password: the embedded server holds demo data, and nobody else's. */
  public static final String PASSWORD = "postgres";

  private final EmbeddedPostgres server;

  private EmbeddedDatabase(EmbeddedPostgres server) {
    this.server = server;
  }

  /**
   * Starts in a folder; an orphaned server of the same folder, left by a killed process, is stopped
   * first.
   */
  public static EmbeddedDatabase start(Path folder, int port, boolean durable) throws IOException {
    Path data = folder.toAbsolutePath().resolve("data");
    Files.createDirectories(folder);
    stopOrphan(data);
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setPort(port)
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setOverrideWorkingDirectory(folder.toAbsolutePath().resolve("binaries").toFile())
            .setPGStartupWait(Duration.ofSeconds(60))
            .setServerConfig("max_connections", "150");
    if (durable) {
      builder.setServerConfig("fsync", "on").setServerConfig("synchronous_commit", "on");
    }
    return new EmbeddedDatabase(builder.start());
  }

  /** JDBC URL without credentials. */
  public String jdbcUrl() {
    return "jdbc:postgresql://localhost:" + server.getPort() + "/postgres";
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private static void stopOrphan(Path data) throws IOException {
    Path pidFile = data.resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return;
    }
    List<String> lines = Files.readAllLines(pidFile);
    if (lines.size() > 1 && Path.of(lines.get(1)).equals(data)) {
      Optional<ProcessHandle> orphan = ProcessHandle.of(Long.parseLong(lines.get(0).trim()));
      if (orphan.isPresent() && isPostgres(orphan.get())) {
        orphan.get().destroy();
        orphan.get().onExit().orTimeout(20, java.util.concurrent.TimeUnit.SECONDS).join();
      }
    }
    Files.deleteIfExists(pidFile);
  }

  private static boolean isPostgres(ProcessHandle process) {
    return process.info().command().map(command -> command.contains("postgres")).orElse(false);
  }
}
