package dev.mlhandoff.far.federation;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.OrderedTable;
import dev.mlhandoff.data.store.OfflineTable;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Adds the imported columns to the table {@code features}, point in time. */
public final class ViewImport {

  private final DuckDb database;
  private final ImportedView view;
  private final int number;

  /**
   * @param number tells the imports of a run apart
   */
  public ViewImport(DuckDb database, ImportedView view, int number) {
    this.database = database;
    this.view = view;
    this.number = number;
  }

  /**
   * Replaces {@code features} by itself with the columns behind. Afterwards {@code import_keys_N}
   * holds {@code local_key} and {@code entity_key} of those that have another key.
   */
  public ImportReport run() throws SQLException {
    String resolved = "import_resolved_" + number;
    String found = "import_values_" + number;
    view.keys().resolve(database, resolved);
    database.execute(
        "CREATE TABLE import_pairs_%d AS SELECT *, %s AS as_of FROM %s WHERE entity_key IS NOT NULL"
            .formatted(number, OfflineTable.timestamp(view.at()), resolved));
    List<String> features =
        view.columns().stream().map(ImportedView.Column::feature).distinct().toList();
    Map<String, Duration> own = new HashMap<>();
    for (ImportedView.Column column : view.columns()) {
      if (column.timeToLive() != null) {
        own.put(column.feature(), column.timeToLive());
      }
    }
    new OfflineTable(database, List.of(view.offline()))
        .retrieve("import_pairs_" + number, features, view.timeToLive(), own, found);
    database.execute(
        "CREATE VIEW %s AS SELECT local_key, entity_key FROM import_pairs_%d"
            .formatted(keysTable(), number));
    String columns =
        view.columns().stream()
            .map(c -> ", v." + DuckDb.name(c.feature()) + " AS " + DuckDb.name(c.name()))
            .collect(Collectors.joining());
    database.execute("ALTER TABLE features RENAME TO features_before_import_" + number);
    OrderedTable.create(
        database,
        "features",
        "SELECT f.*%s FROM features_before_import_%d f LEFT JOIN %s v ON v.local_key = f.entity_key"
            .formatted(columns, number, found),
        "entity_key");
    return report(resolved, found);
  }

  /** The table of keys that {@link #run} leaves. */
  public String keysTable() {
    return "import_keys_" + number;
  }

  private ImportReport report(String resolved, String found) throws SQLException {
    return new ImportReport(
        view.name(),
        view.columns().stream().map(ImportedView.Column::name).toList(),
        database.count("features"),
        count(found, "event_time IS NOT NULL AND NOT expired"),
        count(resolved, "reason = 'UNMAPPED'"),
        count(resolved, "reason = 'BELOW_THRESHOLD'"),
        count(resolved, "reason = 'AMBIGUOUS'"),
        count(found, "event_time IS NULL"),
        count(found, "event_time IS NOT NULL AND expired"));
  }

  private long count(String table, String condition) throws SQLException {
    return database.number("SELECT count(*) FROM %s WHERE %s".formatted(table, condition));
  }
}
