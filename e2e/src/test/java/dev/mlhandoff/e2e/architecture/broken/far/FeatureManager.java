package dev.mlhandoff.e2e.architecture.broken.far;

import dev.mlhandoff.e2e.architecture.broken.por.Claim;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.kafka.annotation.KafkaListener;

/** A service that sees another one, is injected into, and listens with a converted payload. */
class FeatureManager {

  @Autowired @Nullable Claim claim;

  @KafkaListener(topics = "none")
  String on(String payload) {
    return payload;
  }
}
