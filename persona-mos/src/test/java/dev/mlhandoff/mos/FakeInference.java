package dev.mlhandoff.mos;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.mlhandoff.messages.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.DoubleUnaryOperator;
import tools.jackson.databind.JsonNode;

/** Stands where IOR answers; each version scores as the test says. */
final class FakeInference implements AutoCloseable {

  static {
    // Or each answer waits 40 ms for the acknowledgement of its headers.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final Map<String, DoubleUnaryOperator> versions = new ConcurrentHashMap<>();

  FakeInference() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newFixedThreadPool(4));
    server.createContext("/", this::answer);
    server.start();
  }

  /** Lets a version answer with this function of the feature x; an exception is a 500. */
  void serve(String modelId, String version, DoubleUnaryOperator scores) {
    versions.put("/models/" + modelId + "/versions/" + version + "/predict", scores);
  }

  String url() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    DoubleUnaryOperator scores = versions.get(exchange.getRequestURI().getPath());
    int status = scores == null ? 404 : 200;
    byte[] answer = new byte[0];
    if (scores != null) {
      try {
        JsonNode record = Json.tree(body).path("records").path(0);
        double probability = scores.applyAsDouble(record.path("x").asDouble());
        answer = Json.write(Map.of("predictions", List.of(Map.of("probability", probability))));
      } catch (RuntimeException e) {
        status = 500;
      }
    }
    exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
    if (answer.length > 0) {
      exchange.getResponseBody().write(answer);
    }
    exchange.close();
  }
}
