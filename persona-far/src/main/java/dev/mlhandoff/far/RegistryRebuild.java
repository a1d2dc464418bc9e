package dev.mlhandoff.far;

import dev.mlhandoff.messages.FeatureView;
import dev.mlhandoff.runtime.CompactedTopic;
import dev.mlhandoff.runtime.TransientException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.dao.DataAccessException;

/**
 * Enters what the topic holds and the registry lacks, as after its database was lost; it sends
 * nothing.
 */
final class RegistryRebuild implements ApplicationRunner {

  private static final Logger log = LoggerFactory.getLogger(RegistryRebuild.class);

  private final FeatureRegistry registry;
  private final CompactedTopic<FeatureView> topic;

  RegistryRebuild(FeatureRegistry registry, CompactedTopic<FeatureView> topic) {
    this.registry = registry;
    this.topic = topic;
  }

  @Override
  public void run(ApplicationArguments arguments) {
    try {
      // Whether or not it is empty: the listener may have entered a view before, or an earlier
      // start may have failed here.
      topic.read().values().forEach(registry::putIfAbsent);
    } catch (TransientException | DataAccessException e) {
      log.warn("the feature registry was not filled from its topic: {}", e.toString());
    }
  }
}
