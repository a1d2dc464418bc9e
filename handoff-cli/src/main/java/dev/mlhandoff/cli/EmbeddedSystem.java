package dev.mlhandoff.cli;

import dev.mlhandoff.card.ModelCardApplication;
import dev.mlhandoff.cli.sample.SampleData;
import dev.mlhandoff.esc.EscApplication;
import dev.mlhandoff.far.FarApplication;
import dev.mlhandoff.gate.GateApplication;
import dev.mlhandoff.ior.IorApplication;
import dev.mlhandoff.messages.Topic;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.mos.MosApplication;
import dev.mlhandoff.platform.EmbeddedObjectStore;
import dev.mlhandoff.platform.EmbeddedPlatform;
import dev.mlhandoff.platform.PlatformOptions;
import dev.mlhandoff.platform.Ports;
import dev.mlhandoff.platform.TopicPlan;
import dev.mlhandoff.por.PorApplication;
import dev.mlhandoff.runtime.S3ArtifactStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import software.amazon.awssdk.services.s3.S3Client;

/** The platform and all services in this JVM. */
final class EmbeddedSystem implements AutoCloseable {

  private static final String SAMPLE_PREFIX = "customer_transactions_2025/transactions/";
  private static final long SAMPLE_SEED = 42;

  private final EmbeddedPlatform platform;
  private final List<ConfigurableApplicationContext> services;
  private final Endpoints endpoints;
  private final Path home;

  private EmbeddedSystem(
      EmbeddedPlatform platform,
      List<ConfigurableApplicationContext> services,
      Endpoints endpoints,
      Path home) {
    this.platform = platform;
    this.services = services;
    this.endpoints = endpoints;
    this.home = home;
  }

  /** A service and the port it listens on. */
  private record Service(Class<?> application, String name, int port) {}

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
    List<Service> wanted = new ArrayList<>();
    int port = options.httpPort();
    List<Class<?>> applications =
        List.of(
            PorApplication.class,
            FarApplication.class,
            EscApplication.class,
            GateApplication.class,
            IorApplication.class,
            MosApplication.class,
            ModelCardApplication.class);
    List<String> names =
        List.of(
            "persona-por",
            "persona-far",
            "persona-esc",
            "gate-service",
            "persona-ior",
            "persona-mos",
            "modelcard-service");
    for (int i = 0; i < names.size(); i++) {
      int claimed = Ports.claim("http", port == 0 ? 0 : port + i);
      wanted.add(new Service(applications.get(i), names.get(i), claimed));
    }
    say.accept("starting Kafka, PostgreSQL and S3");
    EmbeddedPlatform platform =
        EmbeddedPlatform.start(
            new PlatformOptions(
                home, options.kafkaPort(), options.postgresPort(), options.s3Port(), true));
    platform.broker().createTopics(topics());
    Path used = catalog == null ? sample(platform, home, say) : catalog;
    say.accept("starting " + wanted.size() + " services");
    String predict = "http://localhost:" + wanted.get(4).port();
    Map<String, String> common =
        Map.of(
            "spring.kafka.bootstrap-servers", platform.broker().bootstrapServers(),
            "spring.datasource.url", platform.database().jdbcUrl(),
            "handoff.artifacts.endpoint", platform.objectStore().endpoint().toString(),
            "handoff.artifacts.access-key", EmbeddedObjectStore.ACCESS_KEY,
            "handoff.artifacts.secret-key", EmbeddedObjectStore.SECRET_KEY,
            "handoff.por.catalog", used.toAbsolutePath().toString(),
            "handoff.mos.inference-url", predict,
            "handoff.work-directory", home.resolve("work").toString());
    List<CompletableFuture<ConfigurableApplicationContext>> starting =
        wanted.stream()
            .map(service -> CompletableFuture.supplyAsync(() -> start(service, common)))
            .toList();
    List<ConfigurableApplicationContext> services =
        starting.stream().map(CompletableFuture::join).toList();
    Endpoints endpoints =
        new Endpoints(
            ProcessHandle.current().pid(),
            platform.broker().bootstrapServers(),
            predict,
            "http://localhost:" + wanted.get(6).port());
    endpoints.write(home);
    return new EmbeddedSystem(platform, services, endpoints, home);
  }

  Endpoints endpoints() {
    return endpoints;
  }

  @Override
  public void close() throws IOException {
    Endpoints.forget(home);
    services.parallelStream().forEach(ConfigurableApplicationContext::close);
    platform.close();
  }

  private static ConfigurableApplicationContext start(Service service, Map<String, String> common) {
    List<String> arguments = new ArrayList<>();
    arguments.add("--spring.config.name=" + service.name());
    arguments.add("--server.port=" + service.port());
    common.forEach((key, value) -> arguments.add("--" + key + "=" + value));
    return new SpringApplicationBuilder(service.application())
        .registerShutdownHook(false)
        .run(arguments.toArray(String[]::new));
  }

  private static List<TopicPlan> topics() {
    List<TopicPlan> plans = new ArrayList<>();
    for (Topic<?> topic : Topics.all()) {
      plans.add(new TopicPlan(topic.name(), Topics.PARTITIONS, topic.configuration()));
    }
    for (Topic<?> topic : Topics.withDeadLetters()) {
      plans.add(new TopicPlan(topic.deadLetterName(), Topics.PARTITIONS, Map.of()));
    }
    return plans;
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
