package dev.mlhandoff.card;

import dev.mlhandoff.card.lineage.RunEvents;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.LineageEvent;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.MessagePublisher;
import dev.mlhandoff.runtime.TransientException;
import io.openlineage.client.OpenLineageClientException;
import io.openlineage.client.OpenLineageClientUtils;
import io.openlineage.client.transports.ApiKeyTokenProvider;
import io.openlineage.client.transports.HttpConfig;
import io.openlineage.client.transports.HttpTransport;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Lineage, to the topic or to a backend. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LineageProperties.class)
class LineageConfiguration {

  @Bean
  LineageListener lineageListener(
      ArtifactStore artifacts, LineageProperties properties, LineageTransport transport) {
    return new LineageListener(artifacts, new RunEvents(properties.namespace()), transport);
  }

  @Bean
  LineageTransport lineageTransport(LineageProperties properties, MessagePublisher publisher) {
    URI url = properties.url();
    return url == null ? topic(publisher) : backend(url, properties.apiKey());
  }

  /** In the listener's transaction: an event stands in the topic once. */
  private static LineageTransport topic(MessagePublisher publisher) {
    return (runId, event) ->
        publisher.send(
            Topics.LINEAGE,
            runId,
            Json.read(
                OpenLineageClientUtils.toJson(event).getBytes(StandardCharsets.UTF_8),
                LineageEvent.class));
  }

  /** At least once, one try after the other: the record is committed when the event is taken. */
  static LineageTransport backend(URI url, @Nullable String apiKey) {
    HttpConfig config = new HttpConfig();
    config.setUrl(url);
    if (apiKey != null) {
      ApiKeyTokenProvider token = new ApiKeyTokenProvider();
      token.setApiKey(apiKey);
      config.setAuth(token);
    }
    HttpTransport http = new HttpTransport(config);
    return (runId, event) -> {
      try {
        http.emit(event);
      } catch (OpenLineageClientException e) {
        throw new TransientException("the lineage backend did not take an event", e);
      }
    };
  }
}
