package dev.mlhandoff.por.pipeline;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.Dag;
import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.catalog.Dataset;
import dev.mlhandoff.data.catalog.Target;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Ingests, cleans, labels and splits one dataset. Values are changed only by rules that the catalog
 * declares; what cannot be used is put aside with its reason.
 */
public final class DataPipeline {

  private final DuckDb database;
  private final Dataset dataset;
  private final Target target;
  private final Dag dag;
  private final SourceLoader loader;
  private final List<ColumnLineage> lineage = new ArrayList<>();
  private final List<OutlierFence> outlierFences = new ArrayList<>();

  public DataPipeline(
      DuckDb database,
      Dataset dataset,
      Target target,
      SourceLoader loader,
      Consumer<String> onStep) {
    this.database = database;
    this.dataset = dataset;
    this.target = target;
    this.loader = loader;
    this.dag = new Dag(database, onStep);
  }

  /** The steps that ran. */
  public Dag dag() {
    return dag;
  }

  /** Where each cleaned column and the label come from. */
  public List<ColumnLineage> lineage() {
    return List.copyOf(lineage);
  }

  /** What counts as an outlier in each numeric column. */
  public List<OutlierFence> outlierFences() {
    return List.copyOf(outlierFences);
  }

  /**
   * Runs everything; afterwards the tables {@code dataset}, {@code events} (if there are any),
   * {@code audit_attributes}, {@code holdout_labels}, {@code outlier_flags} and {@code quarantine}
   * stand in the database.
   */
  public void run(long seed, int folds) throws SQLException, IOException, DataRejectedException {
    List<CleanColumn> events = List.of();
    List<CleanColumn> entities;
    EntityCleaning entityCleaning = new EntityCleaning(database, dag, dataset);
    if (dataset.events() == null) {
      entities = cleanEntities(entityCleaning);
    } else {
      ObservationPeriod period = ObservationPeriod.of(dataset, target);
      EventCleaning eventCleaning = new EventCleaning(database, dag, dataset, period);
      events = eventCleaning.clean(dataset.events(), loader);
      entities =
          dataset.entities() == null
              ? entityCleaning.derive(dataset.events(), period)
              : cleanEntities(entityCleaning);
      eventCleaning.keepUsable(events);
    }
    requireDeclaredColumns();
    ColumnLineage label = new Labelling(database, dag, dataset, target).label(entities, events);
    new Split(database, dag).split(entities, seed, folds);
    outlierFences.addAll(new OutlierFlags(database, dag).flag(dataset.events() != null));
    quarantine();
    trace("entities", entities);
    trace("events", events);
    lineage.add(label);
  }

  private List<CleanColumn> cleanEntities(EntityCleaning cleaning)
      throws SQLException, IOException, DataRejectedException {
    return cleaning.clean(Objects.requireNonNull(dataset.entities()), loader);
  }

  /**
   * A column of personal data or a protected one that is gone may stand there under another name,
   * and would then be taken for a feature.
   */
  private void requireDeclaredColumns() throws SQLException, DataRejectedException {
    Set<String> present = new HashSet<>();
    for (String table : List.of("entities_raw", "events_raw")) {
      if (dag.nodes().stream().anyMatch(node -> node.name().equals(table))) {
        database.columns(table).stream().map(ColumnInfo::name).forEach(present::add);
      }
    }
    Set<String> gone = new TreeSet<>();
    Stream.concat(dataset.pii().stream(), dataset.protectedColumns().stream())
        .filter(column -> !present.contains(column))
        .forEach(gone::add);
    if (!gone.isEmpty()) {
      throw new DataRejectedException(
          "MISSING_COLUMN",
          "declared as personal or protected but in no source: " + String.join(", ", gone),
          "/dataset");
    }
  }

  private void trace(String table, List<CleanColumn> columns) {
    columns.stream()
        .filter(column -> column.role() != CleanColumn.Role.TARGET)
        .map(column -> column.lineage(table))
        .forEach(lineage::add);
  }

  private void quarantine() throws SQLException {
    List<String> parts = new ArrayList<>();
    List<String> inputs = new ArrayList<>();
    putAside("entities", dataset.entities() != null, parts, inputs);
    if (dataset.events() != null) {
      putAside("events", true, parts, inputs);
    }
    dag.table(
        "quarantine",
        "rows that were put aside, with the reason",
        inputs,
        "SELECT * FROM (" + String.join(" UNION ALL ", parts) + ") ORDER BY source, reason, row");
  }

  private static void putAside(
      String source, boolean loaded, List<String> parts, List<String> inputs) {
    inputs.add(source + "_judged");
    parts.add(
        "SELECT '%1$s' AS source, reason, CAST(j AS VARCHAR) AS row FROM %1$s_judged j WHERE reason IS NOT NULL"
            .formatted(source));
    if (loaded) {
      inputs.add(source + "_raw");
      parts.add(
          "SELECT '%1$s', 'UNREADABLE_ROW', CAST(u AS VARCHAR) FROM %1$s_raw%2$s u"
              .formatted(source, SourceLoader.UNREADABLE));
    }
  }
}
