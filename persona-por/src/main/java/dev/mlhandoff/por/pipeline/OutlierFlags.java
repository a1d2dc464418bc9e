package dev.mlhandoff.por.pipeline;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.Dag;
import dev.mlhandoff.data.DuckDb;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Flags numbers beyond Tukey's outer fences (Tukey 1977), three interquartile ranges from the
 * quartiles. The quartiles are those of the training part alone. Nothing is changed by a flag.
 */
final class OutlierFlags {

  private static final double FENCE = 3;
  private static final Set<String> BOOKKEEPING = Set.of("entity_key", "label", "holdout", "fold");

  private final DuckDb database;
  private final Dag dag;

  OutlierFlags(DuckDb database, Dag dag) {
    this.database = database;
    this.dag = dag;
  }

  /** Makes {@code outlier_flags}; returns the fences, also of columns without any flag. */
  List<OutlierFence> flag(boolean hasEvents) throws SQLException {
    List<OutlierFence> fences = new ArrayList<>(fences("entities", "dataset WHERE NOT holdout"));
    if (hasEvents) {
      fences.addAll(
          fences(
              "events",
              "events SEMI JOIN (SELECT entity_key FROM dataset WHERE NOT holdout) t USING"
                  + " (entity_key)"));
    }
    List<String> flagged = new ArrayList<>();
    for (OutlierFence fence : fences) {
      flagged.add(
          "SELECT %s AS source, %s AS column_name, entity_key, %s::DOUBLE AS value FROM %s WHERE %s"
              .formatted(
                  DuckDb.text(fence.source()),
                  DuckDb.text(fence.column()),
                  DuckDb.name(fence.column()),
                  table(fence.source()),
                  outside(fence)));
    }
    dag.table(
        "outlier_flags",
        "numbers beyond three interquartile ranges from the training part's quartiles; not changed",
        hasEvents ? List.of("dataset", "events") : List.of("dataset"),
        flagged.isEmpty()
            ? "SELECT '' AS source, '' AS column_name, '' AS entity_key, 0::DOUBLE AS value WHERE"
                + " false"
            : String.join(" UNION ALL ", flagged)
                + " ORDER BY source, column_name, entity_key, value");
    List<OutlierFence> counted = new ArrayList<>();
    for (OutlierFence fence : fences) {
      counted.add(
          fence.withFlagged(
              database.number(
                  "SELECT count(*) FROM %s WHERE %s"
                      .formatted(table(fence.source()), outside(fence)))));
    }
    return counted;
  }

  private List<OutlierFence> fences(String source, String training) throws SQLException {
    List<OutlierFence> fences = new ArrayList<>();
    for (ColumnInfo column : database.columns(table(source))) {
      if (!column.isNumeric()
          || column.type().equals("BOOLEAN")
          || BOOKKEEPING.contains(column.name())) {
        continue;
      }
      String value = DuckDb.name(column.name()) + "::DOUBLE";
      try (Statement statement = database.connection().createStatement();
          ResultSet row =
              statement.executeQuery(
                  "SELECT quantile_cont(%s, 0.25), quantile_cont(%s, 0.75) FROM %s"
                      .formatted(value, value, training))) {
        double lower = row.next() ? row.getDouble(1) : 0;
        double upper = row.getDouble(2);
        double spread = upper - lower;
        // Where half of the values are equal, the quartiles say nothing about the others.
        if (spread > 0) {
          fences.add(
              new OutlierFence(
                  source, column.name(), lower - FENCE * spread, upper + FENCE * spread, 0));
        }
      }
    }
    return fences;
  }

  private static String table(String source) {
    return source.equals("events") ? "events" : "dataset";
  }

  private static String outside(OutlierFence fence) {
    return "(%s::DOUBLE < %s OR %s::DOUBLE > %s)"
        .formatted(
            DuckDb.name(fence.column()), fence.lower(), DuckDb.name(fence.column()), fence.upper());
  }
}
