package dev.mlhandoff.e2e.flow;

import dev.mlhandoff.cli.Backends;
import dev.mlhandoff.platform.EmbeddedObjectStore;
import dev.mlhandoff.runtime.S3ArtifactStore;
import java.net.URI;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.postgresql.PostgreSQLContainer;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/** The backends as the containers that the compose file names; they need a Docker engine. */
final class Containers {

  /** Those that the command line takes where the environment names none. */
  private static final String KEY = EmbeddedObjectStore.ACCESS_KEY;

  private static final String SECRET = EmbeddedObjectStore.SECRET_KEY;
  private static final int S3_PORT = 8333;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String IDENTITIES =
      """
      {"identities": [{"name": "handoff", "actions": ["Admin", "Read", "Write", "List"],
        "credentials": [{"accessKey": "%s", "secretKey": "%s"}]}]}
      """
          .formatted(KEY, SECRET);

  private Containers() {}

  @SuppressWarnings("resource") // stopped by the returned record
  static FlowBackends start() {
    KafkaContainer kafka = new KafkaContainer("apache/kafka:4.4.0");
    PostgreSQLContainer postgres = new PostgreSQLContainer("postgres:18");
    GenericContainer<?> s3 =
        new GenericContainer<>("chrislusf/seaweedfs:4.47")
            .withCopyToContainer(Transferable.of(IDENTITIES), "/etc/seaweedfs/identities.json")
            .withCommand("server", "-s3", "-s3.config=/etc/seaweedfs/identities.json")
            .withExposedPorts(S3_PORT)
            .waitingFor(Wait.forListeningPort());
    Startables.deepStart(kafka, postgres, s3).join();
    URI objectStore = URI.create("http://%s:%d".formatted(s3.getHost(), s3.getMappedPort(S3_PORT)));
    createBucket(objectStore);
    return new FlowBackends(
        new Backends(
            kafka.getBootstrapServers(),
            postgres.getJdbcUrl(),
            postgres.getUsername(),
            postgres.getPassword(),
            objectStore,
            KEY,
            SECRET),
        () -> {
          kafka.stop();
          s3.stop();
          postgres.stop();
        });
  }

  /** The S3 gateway listens before the store behind it takes anything. */
  private static void createBucket(URI objectStore) {
    try (S3Client client = S3ArtifactStore.client(objectStore, "us-east-1", KEY, SECRET)) {
      Awaitility.await()
          .atMost(PATIENCE)
          .ignoreExceptionsInstanceOf(SdkException.class)
          .until(() -> client.createBucket(create -> create.bucket("handoff")) != null);
    }
  }
}
