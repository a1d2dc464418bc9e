package dev.mlhandoff.por.pipeline;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.catalog.Dataset;
import dev.mlhandoff.data.catalog.Target;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Describes the tables that a {@link DataPipeline} left in the database. */
public final class DatasetDescriber {

  private static final Set<String> BOOKKEEPING =
      Set.of("entity_key", "label", "holdout", "fold", "event_time", "amount");

  private final DuckDb database;

  public DatasetDescriber(DuckDb database) {
    this.database = database;
  }

  /**
   * The description.
   *
   * @param name the catalog's name of the dataset
   * @param targetName one of its targets
   */
  public DatasetDescription describe(String name, String targetName, Dataset dataset)
      throws SQLException {
    Target target = Objects.requireNonNull(dataset.targets().get(targetName));
    List<DatasetDescription.Column> entityColumns = columns("dataset", "FEATURE");
    List<DatasetDescription.Column> protectedColumns = columns("audit_attributes", "PROTECTED");
    entityColumns.addAll(protectedColumns);
    List<DatasetDescription.Column> eventColumns = new ArrayList<>();
    SortedMap<String, Long> counts = new TreeMap<>();
    counts.put("entities", database.count("dataset"));
    counts.put("holdout", database.count("holdout_labels"));
    counts.put("quarantined", database.count("quarantine"));
    if (dataset.events() != null) {
      counts.put("events", database.count("events"));
      eventColumns = columns("events", "FEATURE");
      eventColumns.removeIf(column -> column.name().equals(dataset.eventKey()));
    }
    double positives = database.number("SELECT sum(label) FROM labelled");
    return new DatasetDescription(
        name,
        targetName,
        label(dataset, targetName, target),
        dataset.entityKey(),
        dataset.asOf() == null ? null : dataset.asOf().toString(),
        dataset.amount() != null,
        entityColumns,
        eventColumns,
        counts,
        positives / database.count("labelled"),
        dataset.pii(),
        protectedColumns.stream().map(DatasetDescription.Column::name).toList(),
        target.favourableDecision(),
        dataset.featureViews());
  }

  private List<DatasetDescription.Column> columns(String table, String role) throws SQLException {
    double rows = Math.max(1, database.count(table));
    List<DatasetDescription.Column> columns = new ArrayList<>();
    for (ColumnInfo column : database.columns(table)) {
      if (BOOKKEEPING.contains(column.name())) {
        continue;
      }
      String name = DuckDb.name(column.name());
      String from = " FROM " + DuckDb.name(table);
      long missing = database.number("SELECT count(*) - count(" + name + ")" + from);
      long distinct = database.number("SELECT count(DISTINCT " + name + ")" + from);
      columns.add(
          new DatasetDescription.Column(
              column.name(), column.type(), role, missing / rows, distinct));
    }
    return columns;
  }

  private static String label(Dataset dataset, String name, Target target) {
    return target.inactiveDays() == null
        ? name + " is " + target.positive()
        : "no event within " + target.inactiveDays() + " days after " + dataset.asOf();
  }
}
