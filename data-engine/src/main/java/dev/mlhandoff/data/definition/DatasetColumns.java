package dev.mlhandoff.data.definition;

import dev.mlhandoff.data.ColumnInfo;
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
