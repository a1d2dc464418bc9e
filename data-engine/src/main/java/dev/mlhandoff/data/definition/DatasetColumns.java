package dev.mlhandoff.data.definition;

import dev.mlhandoff.data.ColumnInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The cleaned columns that features may be computed from.
 *
 * @param hasEvents whether the dataset has events, and so an as-of date
 * @param hidden other columns, and why they may not be named
 */
public record DatasetColumns(
    List<ColumnInfo> entities,
    boolean hasEvents,
    List<ColumnInfo> events,
    Map<String, String> hidden) {

  public DatasetColumns {
    entities = List.copyOf(entities);
    events = List.copyOf(events);
    hidden = Map.copyOf(hidden);
  }

  /** Of a dataset without events. */
  public static DatasetColumns ofEntities(List<ColumnInfo> entities, Map<String, String> hidden) {
    return new DatasetColumns(entities, false, List.of(), hidden);
  }

  /**
   * Of a dataset with events, which have their time beside columns of their own.
   *
   * @param hasAmount whether they have money
   */
  public static DatasetColumns withEvents(
      List<ColumnInfo> entities,
      boolean hasAmount,
      List<ColumnInfo> ownColumns,
      Map<String, String> hidden) {
    List<ColumnInfo> events = new ArrayList<>();
    events.add(new ColumnInfo("event_time", "TIMESTAMP"));
    if (hasAmount) {
      events.add(new ColumnInfo("amount", "DECIMAL(18,4)"));
    }
    events.addAll(ownColumns);
    return new DatasetColumns(entities, true, events, hidden);
  }

  public Optional<ColumnInfo> entity(String name) {
    return find(entities, name);
  }

  public Optional<ColumnInfo> event(String name) {
    return find(events, name);
  }

  private static Optional<ColumnInfo> find(List<ColumnInfo> columns, String name) {
    return columns.stream().filter(column -> column.name().equals(name)).findFirst();
  }
}
