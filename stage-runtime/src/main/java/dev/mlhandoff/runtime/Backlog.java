package dev.mlhandoff.runtime;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a group has still to do on a topic.
 *
 * @param records offsets between what is committed and the end, markers of transactions among them;
 *     0 if there is no record between them
 * @param oldest timestamp of the oldest record that is not done; null if there is none
 */
record Backlog(long records, @Nullable Instant oldest) {

  static final Backlog NONE = new Backlog(0, null);

  /** How long the oldest record has waited; zero if none waits. */
  Duration age(Instant now) {
    return oldest == null || now.isBefore(oldest) ? Duration.ZERO : Duration.between(oldest, now);
  }

  /** Both together. */
  Backlog plus(Backlog other) {
    Instant first = oldest;
    if (first == null || (other.oldest != null && other.oldest.isBefore(first))) {
      first = other.oldest;
    }
    return new Backlog(records + other.records, first);
  }
}
