package dev.mlhandoff.tracking.stub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stands in for a tracking server: answers as MLflow's REST API does, with its error forms, limits
 * and pages, keeps what it is told, and fails in the ways that servers and networks fail.
 */
public final class MlflowStub implements AutoCloseable {

  /** How the server behaves. */
  public enum Mode {
    UP,
    /** Takes its time, then does what it was asked although nobody waits any more. */
    SLOW,
    /** A proxy that finds no server behind it. */
    HTML,
    /** Something else that answers 200 with a page. */
    HTML_200,
    /** A server whose database is gone. */
    ERROR_500,
    /** Wants a user. */
    UNAUTHORIZED
  }

  private static final String API = "/api/2.0/mlflow/";
  private static final String ARTIFACTS = "/api/2.0/mlflow-artifacts/artifacts";
  private static final int PAGE_SIZE = 2;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  static {
    // Otherwise each answer waits 40 ms for the acknowledgement of its headers.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final StubState state = new StubState();
  private final StubRuns runs;
  private final StubModels models;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> requests = new ArrayList<>();
  private final AtomicInteger underway = new AtomicInteger();
  private volatile Mode mode = Mode.UP;
  private volatile long slowMillis = 300;
  private int cutAt = -1;
  private boolean cutAfter;

  private MlflowStub(int port, String artifactRoot) throws IOException {
    runs = new StubRuns(state, PAGE_SIZE, artifactRoot);
    models = new StubModels(state, runs);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  /** A server that takes artifacts itself. */
  public static MlflowStub start() throws IOException {
    return new MlflowStub(0, "mlflow-artifacts:/");
  }

  /** A server whose artifacts only its own clients can write. */
  public static MlflowStub startWithArtifactsAt(String root) throws IOException {
    return new MlflowStub(0, root);
  }

  public URI address() {
    return URI.create("http://localhost:" + server.getAddress().getPort());
  }

  public void mode(Mode wanted) {
    this.mode = wanted;
  }

  public void slowMillis(long millis) {
    this.slowMillis = millis;
  }

  /**
   * Drops the connection at one request from now, counted from 1.
   *
   * @param after whether the request is carried out before
   */
  public synchronized void cutAt(int request, boolean after) {
    cutAt = requests.size() + request;
    cutAfter = after;
  }

  /** What the server holds, one line each, in order; nothing that it made up itself. */
  public synchronized List<String> content() {
    return state.lines();
  }

  /** The requests so far: verb, path, and the headers that matter. */
  public synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  /** Whether the server works on nothing, not even on what nobody waits for. */
  public boolean isIdle() {
    return underway.get() == 0;
  }

  public synchronized void deleteExperiments() {
    state.experiments.values().forEach(experiment -> experiment.stage = "deleted");
  }

  private void handle(HttpExchange exchange) throws IOException {
    underway.incrementAndGet();
    try (exchange) {
      byte[] content = exchange.getRequestBody().readAllBytes();
      if (mode == Mode.SLOW) {
        Thread.sleep(slowMillis);
      }
      if (mode == Mode.HTML) {
        send(exchange, 502, "text/html", "<html><body><h1>Bad Gateway</h1></body></html>");
      } else if (mode == Mode.HTML_200) {
        send(exchange, 200, "text/html", "<html><body>Welcome</body></html>");
      } else if (mode == Mode.ERROR_500) {
        send(exchange, 500, "application/json", error("INTERNAL_ERROR", "database is gone"));
      } else if (mode == Mode.UNAUTHORIZED
          && exchange.getRequestHeaders().getFirst("Authorization") == null) {
        send(exchange, 401, "text/html", "You are not authenticated.");
      } else {
        answer(exchange, content);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      underway.decrementAndGet();
    }
  }

  private void answer(HttpExchange exchange, byte[] content) throws IOException {
    boolean dropped;
    int status = 200;
    String answer = "";
    synchronized (this) {
      requests.add(describe(exchange));
      dropped = requests.size() == cutAt;
      if (!dropped || cutAfter) {
        try {
          answer = JSON.writeValueAsString(perform(exchange, content));
        } catch (StubRefusal e) {
          status = e.status;
          answer = error(e.code, String.valueOf(e.getMessage()));
        }
      }
    }
    if (!dropped) {
      send(exchange, status, "application/json", answer);
    }
  }

  private Object perform(HttpExchange exchange, byte[] content) {
    String path = exchange.getRequestURI().getPath();
    String verb = exchange.getRequestMethod();
    if (path.startsWith(ARTIFACTS)) {
      return artifacts(exchange, path.substring(ARTIFACTS.length()), content);
    }
    if (!path.startsWith(API)) {
      throw StubRefusal.missing("no such path");
    }
    String method = verb + " " + path.substring(API.length());
    if (verb.equals("GET")) {
      return get(method, query(exchange.getRequestURI()));
    }
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    if (!"application/json".equals(type)) {
      throw StubRefusal.invalid("Bad Request. Content-Type must be 'application/json'.");
    }
    JsonNode body;
    try {
      body = JSON.readTree(content);
    } catch (JacksonException e) {
      body = JSON.createObjectNode();
    }
    return change(method, body);
  }

  private Object get(String method, Map<String, String> query) {
    return switch (method) {
      case "GET experiments/get-by-name" -> runs.experimentByName(query);
      case "GET metrics/get-history" -> runs.history(query);
      case "GET registered-models/get" -> models.get(query);
      case "GET model-versions/get" -> models.version(query);
      case "GET model-versions/search" -> models.search(query);
      default -> throw StubRefusal.missing("no method " + method);
    };
  }

  private Object change(String method, JsonNode body) {
    return switch (method) {
      case "POST experiments/create" -> runs.createExperiment(body);
      case "POST runs/create" -> runs.createRun(body);
      case "POST runs/search" -> runs.search(body);
      case "POST runs/log-batch" -> runs.logBatch(body);
      case "POST runs/update" -> runs.update(body);
      case "POST runs/delete" -> runs.delete(body);
      case "POST registered-models/create" -> models.create(body);
      case "POST registered-models/alias" -> models.alias(body);
      case "POST model-versions/create" -> models.createVersion(body);
      case "DELETE model-versions/delete" -> models.deleteVersion(body);
      default -> throw StubRefusal.missing("no method " + method);
    };
  }

  private Object artifacts(HttpExchange exchange, String path, byte[] content) {
    if (exchange.getRequestMethod().equals("PUT")) {
      if (path.contains("#")) {
        throw StubRefusal.invalid("Invalid path");
      }
      boolean isChunked = exchange.getRequestHeaders().containsKey("Transfer-Encoding");
      // 3.x answers 200 to a chunked upload and keeps nothing of it.
      state.artifacts.put(path, isChunked ? new byte[0] : content);
      return Map.of();
    }
    String folder = "/" + query(exchange.getRequestURI()).getOrDefault("path", "");
    List<Map<String, Object>> files = new ArrayList<>();
    state.artifacts.forEach(
        (name, bytes) -> {
          if (name.startsWith(folder + "/") && name.indexOf('/', folder.length() + 1) < 0) {
            files.add(
                Map.of(
                    "path",
                    name.substring(folder.length() + 1),
                    "is_dir",
                    false,
                    "file_size",
                    bytes.length));
          }
        });
    return Map.of("files", files);
  }

  private static String describe(HttpExchange exchange) {
    var headers = exchange.getRequestHeaders();
    return "%s %s length=%s authorization=%s"
        .formatted(
            exchange.getRequestMethod(),
            exchange.getRequestURI().getPath(),
            headers.getFirst("Content-Length"),
            headers.getFirst("Authorization"));
  }

  private static Map<String, String> query(URI uri) {
    Map<String, String> query = new TreeMap<>();
    @Nullable String raw = uri.getRawQuery();
    if (raw != null) {
      for (String part : raw.split("&", -1)) {
        int equals = part.indexOf('=');
        query.put(
            part.substring(0, equals),
            URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return query;
  }

  private static String error(String code, String message) {
    return JSON.writeValueAsString(Map.of("error_code", code, "message", message));
  }

  private static void send(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
