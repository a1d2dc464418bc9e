package dev.mlhandoff.e2e.architecture.broken.far;

import dev.mlhandoff.e2e.architecture.broken.por.Claim;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.web.bind.annotation.PostMapping;

/**
 * A service that sees another one, is injected into, listens with a converted payload, and lets
 * everybody change it.
 */
class FeatureManager {

  @Autowired @Nullable Claim claim;

  @KafkaListener(topics = "none")
  String on(String payload) {
    return payload;
  }

  @PostMapping("/change")
  void change() {}
}
