package dev.mlhandoff.e2e.fanout;

import dev.mlhandoff.e2e.process.ServiceProcess;
import dev.mlhandoff.esc.EscApplication;
import dev.mlhandoff.platform.EmbeddedPlatform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** One replica of ESC in a JVM of its own, that trains one trial at a time. */
final class EscReplica {

  private static final List<String> JAVA =
      List.of(ServiceProcess.JAVA, "-Xmx400m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private EscReplica() {}

  /**
   * Starts it; returns before it takes work.
   *
   * @param name stands in the results of its trials
   */
  static ServiceProcess start(EmbeddedPlatform platform, Path folder, String name)
      throws IOException {
    return ServiceProcess.start(
        JAVA, EscApplication.class, platform, folder, name, "--handoff.esc.threads=1");
  }
}
