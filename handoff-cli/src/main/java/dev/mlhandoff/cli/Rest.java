package dev.mlhandoff.cli;

import dev.mlhandoff.messages.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/** Calls the services' REST endpoints. */
final class Rest {

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][\\w.-]*(/[A-Za-z0-9][\\w.-]*)?");

  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private Rest() {}

  static byte[] get(String address) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(address)).build());
  }

  /** Posts in the name of whoever holds the user's {@link BearerToken}. */
  static byte[] post(String address, byte[] json) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(json));
    BearerToken.of(System.getenv())
        .ifPresent(token -> request.header("Authorization", "Bearer " + token));
    return send(request.build());
  }

  /**
   * The id of a run or a model, or of a model's version as {@code model/version}, to stand in a
   * path.
   *
   * @throws IOException if it can be no id, whatever the services know
   */
  static String id(String text) throws IOException {
    if (!ID.matcher(text).matches()) {
      throw new IOException("no run or model is called " + text);
    }
    return text;
  }

  private static byte[] send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray());
    if (response.statusCode() == 404) {
      throw new IOException("there is no such thing: " + request.uri().getPath());
    }
    if (response.statusCode() != 200) {
      throw new IOException(
          request.uri() + " answered " + response.statusCode() + reason(response.body()));
    }
    return response.body();
  }

  /** The detail of a problem+json answer, if it is one. */
  private static String reason(byte[] body) {
    try {
      String detail = Json.tree(body).path("detail").asString("");
      return detail.isEmpty() ? "" : ": " + detail;
    } catch (JacksonException e) {
      return "";
    }
  }
}
