package dev.mlhandoff.data.store;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a value counts, offline and online alike.
 *
 * @param eventTime the moment the value describes
 * @param knownTime from when on it was known; later than {@code eventTime} for late arrivals
 * @param timeToLive how long after {@code eventTime} it counts, both ends included; null for ever
 */
public record Validity(Instant eventTime, Instant knownTime, @Nullable Duration timeToLive) {

  /** Whether the value counts at a moment. */
  public boolean at(Instant moment) {
    return isKnown(moment) && !isExpired(moment);
  }

  /** Whether both the described moment and the arrival of the value are over. */
  public boolean isKnown(Instant moment) {
    return !eventTime.isAfter(moment) && !knownTime.isAfter(moment);
  }

  /** Whether the value is older than its time to live. */
  public boolean isExpired(Instant moment) {
    return timeToLive != null && Duration.between(eventTime, moment).compareTo(timeToLive) > 0;
  }
}
