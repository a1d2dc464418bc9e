package dev.mlhandoff.por;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.catalog.EntityMapping;
import dev.mlhandoff.data.catalog.Source;
import dev.mlhandoff.messages.FeatureView;
import dev.mlhandoff.messages.FeatureView.Feature;
import dev.mlhandoff.messages.FederatedImport;
import dev.mlhandoff.por.FederationRules.Granted;
import dev.mlhandoff.por.pipeline.ColumnLineage;
import dev.mlhandoff.por.pipeline.DataRejectedException;
import dev.mlhandoff.por.pipeline.SourceLoader;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Loads the declared pairs of keys of granted imports, and traces the features to their origin. */
final class FederatedKeys {

  private final DuckDb database;
  private final SourceLoader loader;

  FederatedKeys(DuckDb database, SourceLoader loader) {
    this.database = database;
    this.loader = loader;
  }

  /** Makes a table {@code federated_keys_N} for each import with declared pairs. */
  void load(List<Granted> granted) throws SQLException, IOException, DataRejectedException {
    for (Granted one : granted) {
      String role = one.federated().keysArtifact();
      Source keys = one.mapping().keys();
      if (role != null && keys != null) {
        load(role.replace('-', '_'), keys, one.mapping());
      }
    }
  }

  private void load(String table, Source keys, EntityMapping mapping)
      throws SQLException, IOException, DataRejectedException {
    String raw = table + "_raw";
    loader.load(database, raw, keys);
    List<String> present = database.columns(raw).stream().map(ColumnInfo::name).toList();
    String confidence = mapping.confidence();
    List<String> missing =
        Stream.of(mapping.key(), mapping.otherKey(), confidence)
            .filter(Objects::nonNull)
            .filter(column -> !present.contains(column))
            .toList();
    if (!missing.isEmpty()) {
      throw new DataRejectedException(
          "MISSING_COLUMN",
          "the entity mapping from %s has no column %s"
              .formatted(mapping.from(), String.join(", ", missing)),
          "/federatedFeatures");
    }
    database.execute(
        "CREATE TABLE %s AS SELECT DISTINCT CAST(%s AS VARCHAR) AS entity_key, CAST(%s AS VARCHAR) AS other_key, %s AS confidence FROM %s ORDER BY ALL"
            .formatted(
                DuckDb.name(table),
                DuckDb.name(mapping.key()),
                DuckDb.name(mapping.otherKey()),
                confidence == null
                    ? "1.0::DOUBLE"
                    : "TRY_CAST(" + DuckDb.name(confidence) + " AS DOUBLE)",
                DuckDb.name(raw)));
  }

  /** Where each imported feature comes from, in the columns of the other project's sources. */
  static List<ColumnLineage> lineage(List<Granted> granted) {
    List<ColumnLineage> lineage = new ArrayList<>();
    for (Granted one : granted) {
      FederatedImport federated = one.federated();
      FeatureView view = federated.view();
      for (FederatedImport.Column column : federated.columns()) {
        Feature feature = view.feature(column.feature()).orElseThrow();
        lineage.add(
            new ColumnLineage(
                federated.origin(feature.name()),
                "IMPORTED",
                feature.sources().stream()
                    .map(
                        source ->
                            new ColumnLineage.SourceColumn(
                                view.dataset() + ", " + source.source(), source.column()))
                    .toList(),
                "feature of the project %s, run %s: %s"
                    .formatted(view.project(), view.runId(), feature.description())));
      }
    }
    return lineage;
  }
}
