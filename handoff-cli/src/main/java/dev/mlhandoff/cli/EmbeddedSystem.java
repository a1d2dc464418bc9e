package dev.mlhandoff.cli;

import dev.mlhandoff.cli.sample.SampleData;
import dev.mlhandoff.platform.EmbeddedDatabase;
import dev.mlhandoff.platform.EmbeddedObjectStore;
import dev.mlhandoff.platform.EmbeddedPlatform;
import dev.mlhandoff.platform.PlatformOptions;
import dev.mlhandoff.runtime.S3ArtifactStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/** The platform and all services in this JVM. */
final class EmbeddedSystem implements AutoCloseable {

  private static final String SAMPLE_PREFIX = "customer_transactions_2025/transactions/";
  private static final long SAMPLE_SEED = 42;

  private final EmbeddedPlatform platform;
  private final Services services;
  private final Endpoints endpoints;
  private final Path home;

  private EmbeddedSystem(
      EmbeddedPlatform platform, Services services, Endpoints endpoints, Path home) {
    this.platform = platform;
    this.services = services;
    this.endpoints = endpoints;
    this.home = home;
  }

  /**
   * Starts everything.
   *
   * @param catalog the user's catalog; null loads the sample data and its catalog
   * @param say told what is being done
   */
  static EmbeddedSystem start(SystemOptions options, @Nullable Path catalog, Consumer<String> say)
      throws Exception {
    Path home = options.home().toAbsolutePath().normalize();
    Files.createDirectories(home);
    List<Integer> ports = Services.claimPorts(options.httpPort());
    say.accept("starting Kafka, PostgreSQL and S3");
    EmbeddedPlatform platform =
        EmbeddedPlatform.start(
            new PlatformOptions(
                home, options.kafkaPort(), options.postgresPort(), options.s3Port(), true));
    try {
      ContractTopics.createMissing(platform.broker().bootstrapServers());
      Path used = catalog == null ? sample(platform, home, say) : catalog;
      say.accept("starting " + ports.size() + " services");
      Services services =
          Services.start(backends(platform), used, home.resolve("work"), ports, Map.of());
      Endpoints endpoints =
          new Endpoints(
              ProcessHandle.current().pid(),
              platform.broker().bootstrapServers(),
              services.predictions(),
              services.cards());
      endpoints.write(home);
      return new EmbeddedSystem(platform, services, endpoints, home);
    } catch (Exception e) {
      platform.close();
      throw e;
    }
  }

  Endpoints endpoints() {
    return endpoints;
  }

  @Override
  public void close() throws IOException {
    Endpoints.forget(home);
    services.close();
    platform.close();
  }

  private static Backends backends(EmbeddedPlatform platform) {
    return new Backends(
        platform.broker().bootstrapServers(),
        platform.database().jdbcUrl(),
        EmbeddedDatabase.USER,
        EmbeddedDatabase.PASSWORD,
        platform.objectStore().endpoint(),
        EmbeddedObjectStore.ACCESS_KEY,
        EmbeddedObjectStore.SECRET_KEY);
  }

  private static Path sample(EmbeddedPlatform platform, Path home, Consumer<String> say)
      throws Exception {
    Path catalog = home.resolve("sample-catalog.yml");
    if (Files.exists(catalog)) {
      return catalog;
    }
    say.accept("generating the sample data customer_transactions_2025");
    Path work = Files.createTempDirectory("sample");
    try (Connection connection =
            DriverManager.getConnection(platform.database().jdbcUrl(), "postgres", "postgres");
        S3Client s3 =
            S3ArtifactStore.client(
                platform.objectStore().endpoint(),
                "us-east-1",
                EmbeddedObjectStore.ACCESS_KEY,
                EmbeddedObjectStore.SECRET_KEY)) {
      SampleData.Summary summary =
          new SampleData(Integer.getInteger("handoff.sample.customers", 20_000), SAMPLE_SEED)
              .load(
                  connection,
                  work,
                  (name, file) ->
                      s3.putObject(
                          put -> put.bucket(EmbeddedPlatform.BUCKET).key(SAMPLE_PREFIX + name),
                          file));
      say.accept(
          "%,d customers, %,d transactions; the true process would score an AUC of %.3f"
              .formatted(summary.customers(), summary.transactions(), summary.oracleAuc()));
    }
    try (InputStream content = EmbeddedSystem.class.getResourceAsStream("/sample-catalog.yml")) {
      if (content == null) {
        throw new IOException("the sample catalog is missing from the class path");
      }
      // Written last: a start that was cut off generates the data again.
      Files.copy(content, catalog);
    }
    return catalog;
  }
}
