package dev.mlhandoff.e2e.fanout;

import dev.mlhandoff.esc.EscApplication;
import dev.mlhandoff.platform.EmbeddedObjectStore;
import dev.mlhandoff.platform.EmbeddedPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One replica of ESC in a JVM of its own. */
final class EscReplica implements AutoCloseable {

  private final Process process;
  private final Path output;

  private EscReplica(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /**
   * Starts it; returns before it takes work.
   *
   * @param name stands in the results of its trials
   */
  static EscReplica start(EmbeddedPlatform platform, Path folder, String name) throws IOException {
    Path output = folder.resolve(name + ".log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx400m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-Duser.timezone=UTC", "-Duser.language=en", "-cp"));
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(EscApplication.class.getName());
    command.add("--server.port=0");
    command.add("--handoff.replica=" + name);
    command.add("--handoff.esc.threads=1");
    command.add("--spring.kafka.bootstrap-servers=" + platform.broker().bootstrapServers());
    command.add("--spring.datasource.url=" + platform.database().jdbcUrl());
    command.add("--handoff.artifacts.endpoint=" + platform.objectStore().endpoint());
    command.add("--handoff.artifacts.access-key=" + EmbeddedObjectStore.ACCESS_KEY);
    command.add("--handoff.artifacts.secret-key=" + EmbeddedObjectStore.SECRET_KEY);
    command.add("--handoff.work-directory=" + Files.createDirectories(folder.resolve(name)));
    return new EscReplica(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start(),
        output);
  }

  /** As {@code kill -9}: no shutdown hook runs. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  String output() throws IOException {
    return Files.readString(output);
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
