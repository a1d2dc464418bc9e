package dev.mlhandoff.far.features;

import dev.mlhandoff.data.DuckDb;
import java.sql.SQLException;
import java.util.List;

/**
 * The SQL of what a history of events {@code e} up to the end of an as-of date tells of one entity.
 */
public final class HistorySql {

  private final String asOf;

  /**
   * @param asOf ISO date
   */
  public HistorySql(String asOf) {
    this.asOf = asOf;
  }

  /** The first moment that no feature may see. */
  String end() {
    return "(DATE '" + asOf + "' + INTERVAL 1 DAY)";
  }

  /** Holds for events that features may see: not even which values there are comes from later. */
  public String seen() {
    return "e.event_time < " + end();
  }

  /** Days from an event to the end of the as-of date, whose own events have 1. */
  public String days() {
    return "date_diff('day', e.event_time, " + end() + ")";
  }

  /** Holds for events in the last days. */
  public String inLast(int days) {
    return this.days() + " <= " + days;
  }

  /** Holds for events in as many days before the last ones. */
  public String before(int days) {
    return this.days() + " > " + days + " AND " + this.days() + " <= " + 2 * days;
  }

  /** Events for which the condition holds. */
  public static String count(String condition) {
    return "count(e.event_time) FILTER (WHERE " + condition + ")";
  }

  /** Share of the events for which the condition holds; missing without events. */
  public static String share(String condition) {
    return "avg(CASE WHEN " + condition + " THEN 1.0 WHEN e.event_time IS NOT NULL THEN 0.0 END)";
  }

  /** Events in the last days over those in as many days before, with one added to both. */
  public String countTrend(int days) {
    return "(%s + 1.0) / (%s + 1.0)".formatted(count(inLast(days)), count(before(days)));
  }

  /** Days since the last event. */
  public String sinceLast() {
    return "min(" + days() + ")";
  }

  /** Mean days between one event and the next. */
  public String meanGap() {
    return "(max(%s) - min(%s)) / greatest(count(*) - 1, 1)::DOUBLE".formatted(days(), days());
  }

  /**
   * The most frequent values of events, as texts; of equally frequent ones the first in order.
   *
   * @param value SQL over the events {@code e}
   * @param seen holds for events that features may see
   */
  public static List<String> mostFrequent(DuckDb database, String value, String seen, int most)
      throws SQLException {
    return database.texts(
        "SELECT %s FROM events e WHERE %s IS NOT NULL AND %s GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT %d"
            .formatted(value, value, seen, most));
  }
}
