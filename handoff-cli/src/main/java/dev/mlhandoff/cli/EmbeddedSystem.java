package dev.mlhandoff.cli;

import dev.mlhandoff.platform.EmbeddedDatabase;
import dev.mlhandoff.platform.EmbeddedObjectStore;
import dev.mlhandoff.platform.EmbeddedPlatform;
import dev.mlhandoff.platform.PlatformOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The platform and all services in this JVM. */
final class EmbeddedSystem implements AutoCloseable {

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
      Backends backends = backends(platform);
      Path used = catalog == null ? home.resolve("sample-catalog.yml") : catalog;
      if (catalog == null) {
        SampleLoader.load(backends, used, say);
      }
      say.accept("starting the services");
      Services services =
          Services.start(backends, used, home.resolve("work"), ports, Map.of(), say);
      Endpoints endpoints =
          Endpoints.ofThisProcess(
              platform.broker().bootstrapServers(),
              services.predictions(),
              services.cards(),
              services.rollouts(),
              platform.objectStore().endpoint().toString());
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
}
