package dev.mlhandoff.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a command reaches the broker. */
final class BrokerOptions {

  private static final String SERVERS = CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG;

  @Option(
      names = "--bootstrap",
      description = "broker as HOST:PORT (default: the client file's, or the running system's)")
  private @Nullable String bootstrap;

  @Option(
      names = "--client",
      paramLabel = "FILE",
      description = "properties of a Kafka client: how it logs in, which certificates it trusts")
  private @Nullable Path clientFile;

  /** Where a broker is found that nothing names. */
  interface Otherwise {
    String bootstrap() throws IOException;
  }

  /** The address that was given as an option. */
  @Nullable String bootstrap() {
    return bootstrap;
  }

  /**
   * What a client needs to connect.
   *
   * @throws IOException if the file cannot be read, or no broker is known
   */
  Map<String, Object> client(Otherwise otherwise) throws IOException {
    Map<String, Object> client = new HashMap<>();
    if (clientFile != null) {
      Properties properties = new Properties();
      try (Reader reader = Files.newBufferedReader(clientFile)) {
        properties.load(reader);
      }
      properties.forEach((key, value) -> client.put(key.toString(), value));
    }
    if (bootstrap != null) {
      client.put(SERVERS, bootstrap);
    } else if (!client.containsKey(SERVERS)) {
      client.put(SERVERS, otherwise.bootstrap());
    }
    return client;
  }
}
