package dev.mlhandoff.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options of everything that starts the embedded system. */
final class SystemOptions {

  @Option(
      names = "--home",
      defaultValue = ".handoff",
      description = "folder of all data (default: ${DEFAULT-VALUE})")
  private Path home;

  @Option(
      names = "--kafka-port",
      defaultValue = "9092",
      description = "default: ${DEFAULT-VALUE}; 0 takes any free port")
  private int kafkaPort;

  @Option(
      names = "--postgres-port",
      defaultValue = "5433",
      description = "default: ${DEFAULT-VALUE}; 0 takes any free port")
  private int postgresPort;

  @Option(
      names = "--s3-port",
      defaultValue = "9000",
      description = "default: ${DEFAULT-VALUE}; 0 takes any free port")
  private int s3Port;

  @Option(
      names = "--http-port",
      defaultValue = "8081",
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
