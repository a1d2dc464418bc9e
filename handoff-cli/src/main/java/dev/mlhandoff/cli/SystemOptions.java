package dev.mlhandoff.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options of everything that starts the embedded system. */
final class SystemOptions {

  /** What holds where nobody says otherwise; the containers have the same ports. */
  static final String HOME = ".handoff";

  static final String KAFKA_PORT = "9092";
  static final String S3_PORT = "9000";
  static final String HTTP_PORT = "8081";

  @Option(
      names = "--home",
      defaultValue = HOME,
      description = "folder of all data (default: ${DEFAULT-VALUE})")
  private Path home;

  @Option(
      names = "--kafka-port",
      defaultValue = KAFKA_PORT,
      description = "default: ${DEFAULT-VALUE}; 0 takes any free port")
  private int kafkaPort;

  @Option(
      names = "--postgres-port",
      defaultValue = "5433",
      description = "default: ${DEFAULT-VALUE}; 0 takes any free port")
  private int postgresPort;

  @Option(
      names = "--s3-port",
      defaultValue = S3_PORT,
      description = "default: ${DEFAULT-VALUE}; 0 takes any free port")
  private int s3Port;

  @Option(
      names = "--http-port",
      defaultValue = HTTP_PORT,
      description = "first of seven (default: ${DEFAULT-VALUE}); 0 takes any free ports")
  private int httpPort;

  Path home() {
    return home;
  }

  int kafkaPort() {
    return kafkaPort;
  }

  int postgresPort() {
    return postgresPort;
  }

  int s3Port() {
    return s3Port;
  }

  int httpPort() {
    return httpPort;
  }
}
