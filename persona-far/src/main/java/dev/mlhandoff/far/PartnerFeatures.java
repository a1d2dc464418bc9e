package dev.mlhandoff.far;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.far.features.FeatureDefinition;
import dev.mlhandoff.far.federation.EntityKeys;
import dev.mlhandoff.far.federation.ImportReport;
import dev.mlhandoff.far.federation.ImportedView;
import dev.mlhandoff.far.federation.ViewImport;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.FeatureView;
import dev.mlhandoff.messages.FeatureView.Feature;
import dev.mlhandoff.messages.FederatedImport;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.runtime.StageContext;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Imports what the data pipeline granted of other projects' features, verified by digest. */
final class PartnerFeatures {

  private final StageContext context;
  private final Deliverable data;

  PartnerFeatures(Deliverable data, StageContext context) {
    this.data = data;
    this.context = context;
  }

  /**
   * One import that was done.
   *
   * @param keysTable holds the pairs of keys, {@code local_key} and {@code entity_key}
   */
  record Imported(
      FederatedImport granted,
      List<FeatureDefinition> definitions,
      ImportReport report,
      String keysTable) {}

  /**
   * Adds the columns to the table {@code features}.
   *
   * @param own what the project computes itself
   * @throws RejectionException FEATURE_NAME_TAKEN, FEATURE_VIEW_UNVERIFIED, NO_ENTITY_MATCHED, or
   *     that of an artifact which is gone or changed
   */
  List<Imported> join(DuckDb database, List<FeatureDefinition> own)
      throws IOException, SQLException, RejectionException {
    if (!data.artifacts().containsKey("federated-imports")) {
      return List.of();
    }
    List<Imported> imported = new ArrayList<>();
    JsonNode granted = Json.tree(context.read(data.artifact("federated-imports")));
    for (JsonNode each : granted) {
      FederatedImport one = Json.convert(each, FederatedImport.class);
      int position = imported.size();
      List<FeatureDefinition> definitions = definitions(one, position);
      rejectTaken(definitions, own, position);
      ViewImport run = new ViewImport(database, view(one, definitions, position), position);
      ImportReport report = run.run();
      if (report.matched() == 0) {
        throw new RejectionException(
            "NO_ENTITY_MATCHED", report.sentence(), "/federatedFeatures/" + position);
      }
      imported.add(new Imported(one, definitions, report, run.keysTable()));
    }
    return List.copyOf(imported);
  }

  private ImportedView view(FederatedImport one, List<FeatureDefinition> definitions, int position)
      throws IOException, SQLException, RejectionException {
    FeatureView view = one.view();
    Path offline = context.fetch(view.offline());
    verifySchema(offline, one, definitions, position);
    String keys = one.keysArtifact();
    Instant at = one.at();
    return new ImportedView(
        view.key(),
        one.columns().stream()
            .map(
                column ->
                    new ImportedView.Column(
                        column.name(),
                        column.feature(),
                        view.feature(column.feature()).map(Feature::timeToLive).orElse(null)))
            .toList(),
        offline,
        new EntityKeys(keys == null ? null : context.fetch(data.artifact(keys)), one.threshold()),
        view.timeToLive(),
        at == null ? context.clock().instant() : at);
  }

  /** The registered definition must be the one that the verified artifact of the run has. */
  private List<FeatureDefinition> definitions(FederatedImport one, int position)
      throws IOException, RejectionException {
    FeatureView view = one.view();
    Map<String, String> computed = new HashMap<>();
    for (JsonNode definition : Json.tree(context.read(view.definitions()))) {
      computed.put(
          definition.path("name").asString(""), definition.path("expression").asString(""));
    }
    List<FeatureDefinition> definitions = new ArrayList<>();
    for (FederatedImport.Column column : one.columns()) {
      Feature feature = view.feature(column.feature()).orElse(null);
      if (feature == null
          || !view.definitions().sha256().equals(view.pipelineDigest())
          || !Objects.equals(computed.get(feature.name()), feature.definition())) {
        throw unverified(one, column.feature() + " is not what its run computed", position);
      }
      definitions.add(
          new FeatureDefinition(
              column.name(),
              feature.type(),
              feature.description() + ", imported from " + view.key(),
              feature.definition(),
              List.of(one.origin(feature.name())),
              feature.windowDays()));
    }
    return definitions;
  }

  private void verifySchema(
      Path offline, FederatedImport one, List<FeatureDefinition> definitions, int position)
      throws SQLException, RejectionException {
    try (DuckDb database = DuckDb.open(context.workDirectory())) {
      database.execute(
          "CREATE VIEW partition AS SELECT * FROM read_parquet("
              + DuckDb.text(offline.toString())
              + ")");
      Map<String, ColumnInfo> columns =
          database.columns("partition").stream()
              .collect(Collectors.toMap(ColumnInfo::name, column -> column));
      for (int i = 0; i < definitions.size(); i++) {
        ColumnInfo column = columns.get(one.columns().get(i).feature());
        if (column == null || column.isNumeric() != definitions.get(i).kind().equals("NUMERIC")) {
          throw unverified(
              one, one.columns().get(i).feature() + " is not stored as its view says", position);
        }
      }
    }
  }

  private static RejectionException unverified(FederatedImport one, String reason, int position) {
    return new RejectionException(
        "FEATURE_VIEW_UNVERIFIED",
        one.view().key() + ": " + reason,
        "/federatedFeatures/" + position);
  }

  private void rejectTaken(
      List<FeatureDefinition> definitions, List<FeatureDefinition> own, int position)
      throws RejectionException {
    for (FeatureDefinition definition : definitions) {
      if (own.stream().anyMatch(other -> other.name().equalsIgnoreCase(definition.name()))) {
        throw new RejectionException(
            "FEATURE_NAME_TAKEN",
            "the dataset has a feature " + definition.name() + " of its own",
            "/federatedFeatures/" + position + "/as");
      }
    }
  }
}
