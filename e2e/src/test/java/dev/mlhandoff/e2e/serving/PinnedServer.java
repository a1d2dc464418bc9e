package dev.mlhandoff.e2e.serving;

import dev.mlhandoff.cli.ContractTopics;
import dev.mlhandoff.e2e.process.ServiceProcess;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.RouteTable;
import dev.mlhandoff.messages.RouteTable.Role;
import dev.mlhandoff.messages.RouteTable.Route;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.platform.EmbeddedObjectStore;
import dev.mlhandoff.platform.EmbeddedPlatform;
import dev.mlhandoff.runtime.Digests;
import dev.mlhandoff.runtime.S3ArtifactStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/** IOR in a JVM that one processor is left to; a model serves when it is there. */
final class PinnedServer implements AutoCloseable {

  private static final Duration STARTED_WITHIN = Duration.ofMinutes(3);

  private final ServiceProcess process;
  private final int port;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private PinnedServer(ServiceProcess process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts it over a platform and brings the model into production. */
  static PinnedServer start(EmbeddedPlatform platform, Path folder, int processor, BenchModel model)
      throws Exception {
    ContractTopics.createMissing(platform.broker().bootstrapServers());
    int port = freePort();
    List<String> java =
        List.of("taskset", "-c", String.valueOf(processor), ServiceProcess.JAVA, "-Xmx512m");
    PinnedServer server =
        new PinnedServer(
            ServiceProcess.start(
                java,
                BenchServer.class,
                platform,
                folder,
                "bench",
                "--spring.config.name=persona-ior",
                "--server.port=" + port),
            port);
    try {
      serve(platform, folder, model);
      Awaitility.await("a model that serves")
          .atMost(STARTED_WITHIN)
          .pollInterval(Duration.ofMillis(500))
          .ignoreExceptions()
          .until(() -> server.serves());
      return server;
    } catch (Exception | Error e) {
      server.close();
      throw new IllegalStateException("the server did not start: " + server.process.output(), e);
    }
  }

  private static void serve(EmbeddedPlatform platform, Path folder, BenchModel model)
      throws Exception {
    Path file = Files.write(folder.resolve("model-bundle.zip"), model.bundle());
    ArtifactRef bundle;
    try (S3ArtifactStore artifacts =
        new S3ArtifactStore(
            EmbeddedPlatform.BUCKET,
            platform.objectStore().endpoint(),
            "us-east-1",
            EmbeddedObjectStore.ACCESS_KEY,
            EmbeddedObjectStore.SECRET_KEY)) {
      artifacts.put("bench/model-bundle.zip", file, "application/zip");
      bundle =
          new ArtifactRef(
              artifacts.uri("bench/model-bundle.zip"),
              Digests.sha256(file),
              model.bundle().length,
              "application/zip");
    }
    Route route = new Route("1.0.0", "run-0000000000000001", Role.PRODUCTION, 100, bundle, "bench");
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", platform.broker().bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  Topics.SERVING_ROUTES.name(),
                  BenchModel.ID.getBytes(StandardCharsets.UTF_8),
                  Json.write(new RouteTable(BenchModel.ID, 1, List.of(route)))))
          .get();
    }
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  long pid() {
    return process.pid();
  }

  /** Resident memory, in kB. */
  double resident() throws IOException {
    return process.kilobytes("VmRSS");
  }

  /** The sum of a metric's values over all its labels that hold the text. */
  double metric(String name, String label) throws IOException, InterruptedException {
    return get("/actuator/prometheus")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + "{") && line.contains(label))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Override
  public void close() {
    process.close();
  }

  private boolean serves() throws IOException, InterruptedException {
    return get("/v2/models/" + BenchModel.ID + "/ready").statusCode() == 200;
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
