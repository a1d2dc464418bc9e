package dev.mlhandoff.tracking.mlflow;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a tracking server is, and how long it may take.
 *
 * @param address {@code http} or {@code https}, with the server's path prefix if it has one; never
 *     with credentials
 * @param user for Basic authentication; null for none
 * @param answerWithin longest wait for an answer
 * @param uploadWithin longest wait for an artifact to be taken
 */
public record MlflowServer(
    URI address,
    @Nullable String user,
    @Nullable String password,
    Duration answerWithin,
    Duration uploadWithin) {

  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);
  private static final Duration UPLOAD_WITHIN = Duration.ofMinutes(10);

  public MlflowServer {
    if (address.getHost() == null
        || !("http".equals(address.getScheme()) || "https".equals(address.getScheme()))) {
      throw new IllegalArgumentException(
          "the address of a tracking server begins with http:// or https:// and a host");
    }
    if (address.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "give the tracking server's user and password apart from its address");
    }
    if (address.getQuery() != null || address.getFragment() != null) {
      throw new IllegalArgumentException("the address of a tracking server has no query");
    }
  }

  /** A server with the default time limits: 30 seconds, and 10 minutes for an artifact. */
  public static MlflowServer at(URI address, @Nullable String user, @Nullable String password) {
    return new MlflowServer(address, user, password, ANSWER_WITHIN, UPLOAD_WITHIN);
  }

  /** The address, without a slash at its end. */
  String base() {
    return address.toString().replaceAll("/+$", "");
  }
}
