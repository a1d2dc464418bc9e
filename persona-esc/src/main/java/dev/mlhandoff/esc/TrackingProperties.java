package dev.mlhandoff.esc;

import dev.mlhandoff.tracking.mlflow.MlflowServer;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where experiments are tracked, under {@code handoff.tracking}.
 *
 * @param url address of an MLflow server; blank for none
 * @param user for Basic authentication; blank for none
 */
@ConfigurationProperties("handoff.tracking")
public record TrackingProperties(
    @Nullable String url, @Nullable String user, @Nullable String password) {

  /**
   * The server, if there is one; an address that is none is told in the log and changes nothing.
   */
  Optional<MlflowServer> server() {
    if (url == null || url.isBlank()) {
      return Optional.empty();
    }
    try {
      boolean hasUser = user != null && !user.isBlank();
      return Optional.of(MlflowServer.at(URI.create(url), hasUser ? user : null, password));
    } catch (IllegalArgumentException e) {
      LoggerFactory.getLogger(TrackingProperties.class)
          .error("handoff.tracking.url: {}; experiments stay in their journals", e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "TrackingProperties[url=%s, user=%s]".formatted(url, user);
  }
}
