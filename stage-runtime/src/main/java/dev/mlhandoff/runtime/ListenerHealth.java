package dev.mlhandoff.runtime;

import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.listener.MessageListenerContainer;

/** Down when a listener has died: a service that takes no records must not look alive. */
final class ListenerHealth implements HealthIndicator {

  private final KafkaListenerEndpointRegistry listeners;

  ListenerHealth(KafkaListenerEndpointRegistry listeners) {
    this.listeners = listeners;
  }

  @Override
  public Health health() {
    if (!listeners.isRunning()) {
      // The service starts or stops, and its listeners with it.
      return Health.up().build();
    }
    List<String> dead =
        listeners.getListenerContainers().stream()
            .filter(container -> !container.isRunning() || !container.isInExpectedState())
            .map(MessageListenerContainer::getListenerId)
            .map(String::valueOf)
            .toList();
    return dead.isEmpty() ? Health.up().build() : Health.down().withDetail("dead", dead).build();
  }
}
