package dev.mlhandoff.e2e.process;

import dev.mlhandoff.platform.EmbeddedObjectStore;
import dev.mlhandoff.platform.EmbeddedPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A service in a JVM of its own, over the backends of an embedded platform. */
public final class ServiceProcess implements AutoCloseable {

  /** The program of the JVM that runs this. */
  public static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  private final Process process;
  private final Path output;

  private ServiceProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /**
   * Starts it; returns before it takes work.
   *
   * @param java the program with its options, without class path
   * @param name of the replica; its work and its output are in the folder under that name
   * @param settings of the service, as arguments
   */
  public static ServiceProcess start(
      List<String> java,
      Class<?> application,
      EmbeddedPlatform platform,
      Path folder,
      String name,
      String... settings)
      throws IOException {
    Path output = folder.resolve(name + ".log");
    Path work = Files.createDirectories(folder.resolve(name));
    List<String> command = new ArrayList<>(java);
    command.addAll(List.of("-Duser.timezone=UTC", "-Duser.language=en"));
    command.addAll(List.of("-Djava.io.tmpdir=" + work, "-cp"));
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(application.getName());
    command.add("--server.port=0");
    command.add("--handoff.replica=" + name);
    command.add("--spring.kafka.bootstrap-servers=" + platform.broker().bootstrapServers());
    command.add("--spring.datasource.url=" + platform.database().jdbcUrl());
    command.add("--handoff.artifacts.endpoint=" + platform.objectStore().endpoint());
    command.add("--handoff.artifacts.access-key=" + EmbeddedObjectStore.ACCESS_KEY);
    command.add("--handoff.artifacts.secret-key=" + EmbeddedObjectStore.SECRET_KEY);
    command.add("--handoff.work-directory=" + work);
    // A setting that is given takes the place of the one above: Spring would join the two.
    for (String setting : settings) {
      String key = setting.substring(0, setting.indexOf('=') + 1);
      command.removeIf(argument -> argument.startsWith(key));
      command.add(setting);
    }
    return new ServiceProcess(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start(),
        output);
  }

  /** As {@code kill -9}: no shutdown hook runs. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Everything it printed. */
  public String output() throws IOException {
    return Files.readString(output);
  }

  /** A figure of memory as the kernel counts it, such as {@code VmHWM}, in kB. */
  public double kilobytes(String figure) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
        .filter(line -> line.startsWith(figure + ":"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")))
        .sum();
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
