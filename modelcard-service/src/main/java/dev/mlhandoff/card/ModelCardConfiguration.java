package dev.mlhandoff.card;

import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.MessagePublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
class ModelCardConfiguration {

  @Bean
  RunStore runStore(JdbcClient jdbc) {
    return new RunStore(jdbc);
  }

  @Bean
  EventListener eventListener(RunStore store, ArtifactStore artifacts, MessagePublisher publisher) {
    return new EventListener(store, artifacts, publisher);
  }

  @Bean
  CardController cardController(RunStore store) {
    return new CardController(store);
  }
}
