package dev.mlhandoff.runtime;

import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An answer that is asked for at most every few seconds, for gauges that share one query. After a
 * failure there is none, never an old one.
 */
public final class Snapshot<T> {

  private static final Logger log = LoggerFactory.getLogger(Snapshot.class);
  private static final long KEEP_NANOS = 5_000_000_000L;

  private final Supplier<T> query;
  private Optional<T> known = Optional.empty();
  private long askedAt;

  public Snapshot(Supplier<T> query) {
    this.query = query;
    this.askedAt = System.nanoTime() - KEEP_NANOS;
  }

  /** Empty if the query failed. */
  public synchronized Optional<T> get() {
    if (System.nanoTime() - askedAt >= KEEP_NANOS) {
      try {
        known = Optional.of(query.get());
      } catch (RuntimeException e) {
        log.warn("cannot be measured: {}", e.toString());
        known = Optional.empty();
      }
      askedAt = System.nanoTime();
    }
    return known;
  }
}
