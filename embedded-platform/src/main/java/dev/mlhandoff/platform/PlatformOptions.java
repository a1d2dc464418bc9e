package dev.mlhandoff.platform;

import java.nio.file.Path;

/**
 * Where the platform keeps its data and listens. A port of 0 takes any free one.
 *
 * @param home folder of all data; what is there from before is found again
 * @param durable whether PostgreSQL waits for the disk; only tests can do without
 */
public record PlatformOptions(
    Path home, int kafkaPort, int postgresPort, int s3Port, boolean durable) {

  /** Any free ports, for tests. */
  public static PlatformOptions forTests(Path home) {
    return new PlatformOptions(home, 0, 0, 0, false);
  }
}
