package dev.mlhandoff.e2e.wide;

import dev.mlhandoff.platform.EmbeddedObjectStore;
import dev.mlhandoff.platform.EmbeddedPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A persona in a JVM of its own with a fixed heap, whose resident memory is looked at. */
final class PersonaProcess implements AutoCloseable {

  private final Process process;
  private final Path output;

  private PersonaProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Starts it; returns before it takes work. */
  static PersonaProcess start(
      Class<?> application, EmbeddedPlatform platform, Path folder, String heap, String... more)
      throws IOException {
    String name = application.getSimpleName();
    Path output = folder.resolve(name + ".log");
    Path work = Files.createDirectories(folder.resolve(name));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx" + heap, "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"));
    command.addAll(List.of("-Duser.timezone=UTC", "-Duser.language=en"));
    command.addAll(List.of("-Djava.io.tmpdir=" + work, "-cp"));
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(application.getName());
    command.add("--server.port=0");
    command.add("--handoff.replica=bench");
    command.add("--spring.kafka.bootstrap-servers=" + platform.broker().bootstrapServers());
    command.add("--spring.datasource.url=" + platform.database().jdbcUrl());
    command.add("--handoff.artifacts.endpoint=" + platform.objectStore().endpoint());
    command.add("--handoff.artifacts.access-key=" + EmbeddedObjectStore.ACCESS_KEY);
    command.add("--handoff.artifacts.secret-key=" + EmbeddedObjectStore.SECRET_KEY);
    command.add("--handoff.work-directory=" + work);
    command.addAll(List.of(more));
    return new PersonaProcess(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start(),
        output);
  }

  /** The most memory that was resident so far, in megabytes, as the kernel counts it. */
  double peakMegabytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
        .sum();
  }

  boolean isAlive() {
    return process.isAlive();
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
