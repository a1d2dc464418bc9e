package dev.mlhandoff.far;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import tools.jackson.databind.JsonNode;

/**
 * The moment that a run's features describe, and from when on they were known.
 *
 * @param eventTime the end of the as-of date, or the time of the run if that is earlier or there is
 *     no such date
 * @param knownTime the end of the day by which the sources were complete, or the time of the run
 */
record ViewTimes(Instant eventTime, Instant knownTime) {

  /** From what the catalog says of the dataset. */
  static ViewTimes of(JsonNode description, Instant now) {
    if (!description.path("asOf").isString()) {
      return new ViewTimes(now, now);
    }
    Instant eventTime = earlier(endOf(description.path("asOf").asString()), now);
    JsonNode knownAt = description.path("featureViews").path("knownAt");
    return new ViewTimes(
        eventTime, knownAt.isString() ? earlier(endOf(knownAt.asString()), now) : eventTime);
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private static Instant endOf(String day) {
    return LocalDate.parse(day).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
