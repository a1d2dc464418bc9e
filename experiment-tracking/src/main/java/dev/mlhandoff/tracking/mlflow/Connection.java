package dev.mlhandoff.tracking.mlflow;

import java.io.FileNotFoundException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests to one server and their answers; every failure becomes an {@link MlflowException}. */
final class Connection {

  private static final String API = "/api/2.0/mlflow/";
  private static final String ARTIFACTS = "/api/2.0/mlflow-artifacts/artifacts";
  private static final int LONGEST_MESSAGE = 300;
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_WITHIN)
          .build();

  private final MlflowServer server;

  Connection(MlflowServer server) {
    this.server = server;
  }

  JsonNode get(String method, Map<String, ?> query) throws MlflowException {
    return send(request(API + method + query(query)).GET(), server.answerWithin());
  }

  JsonNode post(String method, Map<String, ?> body) throws MlflowException {
    return sendJson("POST", method, body);
  }

  JsonNode delete(String method, Map<String, ?> body) throws MlflowException {
    return sendJson("DELETE", method, body);
  }

  JsonNode listArtifacts(String path) throws MlflowException {
    return send(request(ARTIFACTS + query(Map.of("path", path))).GET(), server.answerWithin());
  }

  /** Sends a file with its length: servers store nothing of a chunked one, and answer 200. */
  void putArtifact(String path, Path file) throws MlflowException {
    try {
      send(
          request(ARTIFACTS + "/" + encodedPath(path))
              .header("Content-Type", "application/octet-stream")
              .PUT(BodyPublishers.ofFile(file)),
          server.uploadWithin());
    } catch (FileNotFoundException e) {
      throw new IllegalArgumentException("no file " + file, e);
    }
  }

  private JsonNode sendJson(String verb, String method, Map<String, ?> body)
      throws MlflowException {
    return send(
        request(API + method)
            .header("Content-Type", "application/json")
            .method(verb, BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body))),
        server.answerWithin());
  }

  private HttpRequest.Builder request(String pathAndQuery) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.base() + pathAndQuery))
            .header("Accept", "application/json");
    String user = server.user();
    if (user != null) {
      String password = server.password();
      String pair = user + ":" + (password == null ? "" : password);
      request.header(
          "Authorization",
          "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }
    return request;
  }

  private JsonNode send(HttpRequest.Builder request, Duration within) throws MlflowException {
    // The client's own timeout ends with the headers; this one covers the body as well.
    CompletableFuture<HttpResponse<byte[]>> answer =
        CLIENT.sendAsync(request.build(), BodyHandlers.ofByteArray());
    try {
      return read(answer.get(within.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw MlflowException.unavailable(
          server.address() + " did not answer within " + within.toMillis() + " ms", e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw MlflowException.unavailable("interrupted while waiting for " + server.address(), e);
    } catch (ExecutionException e) {
      throw MlflowException.unavailable(server.address() + " cannot be reached: " + reason(e), e);
    }
  }

  private JsonNode read(HttpResponse<byte[]> answer) throws MlflowException {
    int status = answer.statusCode();
    JsonNode body = tree(answer.body());
    if (status == 200) {
      if (!body.isObject()) {
        throw MlflowException.unavailable(
            "%s answered 200 with %s instead of JSON; is it a tracking server?"
                .formatted(
                    server.address(),
                    answer.headers().firstValue("Content-Type").orElse("something")),
            null);
      }
      return body;
    }
    String code = body.path("error_code").asString("");
    String message =
        body.isObject()
            ? body.path("message").asString("")
            : text(new String(answer.body(), StandardCharsets.UTF_8));
    String told =
        "%s answered %d%s: %s"
            .formatted(
                server.address(), status, code.isEmpty() ? "" : " " + code, shortened(message));
    if (status >= 500 || status == 429 || status == 408) {
      throw MlflowException.unavailable(told, null);
    }
    throw MlflowException.refused(code, told);
  }

  /** The answer as JSON; HTML, plain text and half an answer are a missing node. */
  private static JsonNode tree(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (JacksonException e) {
      return JSON.missingNode();
    }
  }

  private static String text(String html) {
    return html.replaceAll("<[^>]*>", " ");
  }

  private static String shortened(String message) {
    String line = message.replaceAll("\\s+", " ").strip();
    return line.length() <= LONGEST_MESSAGE ? line : line.substring(0, LONGEST_MESSAGE) + "...";
  }

  private static String reason(ExecutionException failure) {
    Throwable cause = failure.getCause();
    if (cause == null) {
      return "no reason";
    }
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }

  private static String query(Map<String, ?> query) {
    return query.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + encoded(String.valueOf(entry.getValue())))
        .sorted()
        .collect(Collectors.joining("&", "?", ""));
  }

  private static String encodedPath(String path) {
    return java.util.Arrays.stream(path.split("/"))
        .map(Connection::encoded)
        .collect(Collectors.joining("/"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
