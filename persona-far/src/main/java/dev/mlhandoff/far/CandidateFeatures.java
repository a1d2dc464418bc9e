package dev.mlhandoff.far;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.definition.DatasetColumns;
import dev.mlhandoff.data.definition.FeatureFile;
import dev.mlhandoff.data.definition.InvalidFeatureFileException;
import dev.mlhandoff.far.definition.DeclaredFeatures;
import dev.mlhandoff.far.features.FeatureBuilder;
import dev.mlhandoff.far.features.FeatureDefinition;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.runtime.StageContext;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Builds a project's own candidates: what the operator declares, and what is derived. */
final class CandidateFeatures {

  private final DuckDb database;
  private final Deliverable data;
  private final JsonNode description;
  private final StageContext context;
  private final @Nullable String asOf;

  /**
   * @param data the data pipeline's
   * @param description of the dataset
   */
  CandidateFeatures(DuckDb database, Deliverable data, JsonNode description, StageContext context) {
    this.database = database;
    this.data = data;
    this.description = description;
    this.context = context;
    this.asOf = data.artifacts().containsKey("events") ? description.path("asOf").asString() : null;
  }

  /**
   * Makes the table {@code features}.
   *
   * @throws RejectionException NO_FEATURES, INVALID_FEATURE_FILE, or that of an artifact which is
   *     gone or changed
   */
  FeatureBuilder build() throws IOException, SQLException, RejectionException {
    // Looked at column by column: a copy would only take time and room.
    load("VIEW dataset", context.fetch(data.artifact("dataset")));
    if (asOf != null) {
      load("TABLE events", context.fetch(data.artifact("events")));
    }
    FeatureBuilder builder =
        new FeatureBuilder(database, asOf, description.path("hasAmount").asBoolean());
    if (declare(builder)) {
      derive(builder);
    }
    if (builder.definitions().isEmpty()) {
      throw new RejectionException(
          "NO_FEATURES", "the dataset has no column that could be a feature", "/dataset");
    }
    context.progress(0.2, "computing " + builder.definitions().size() + " candidates");
    builder.build();
    return builder;
  }

  /** Adds what the operator declares; returns whether features are to be derived as well. */
  private boolean declare(FeatureBuilder builder)
      throws IOException, SQLException, RejectionException {
    if (!data.artifacts().containsKey("feature-definitions")) {
      return true;
    }
    DatasetColumns columns = columns();
    try {
      FeatureFile file =
          FeatureFile.read(
              context.read(data.artifact("feature-definitions")),
              "feature-definitions.yml",
              columns);
      for (FeatureDefinition feature : new DeclaredFeatures(database, asOf, columns).of(file)) {
        builder.declare(feature);
      }
      return file.derived();
    } catch (InvalidFeatureFileException e) {
      throw new RejectionException(
          "INVALID_FEATURE_FILE", String.valueOf(e.getMessage()), "/dataset");
    }
  }

  private void derive(FeatureBuilder builder) throws SQLException {
    builder.history();
    for (JsonNode column : description.path("eventColumns")) {
      builder.eventColumn(column.path("name").asString(), column.path("type").asString());
    }
    for (JsonNode column : description.path("entityColumns")) {
      if (column.path("role").asString().equals("FEATURE")) {
        builder.entityColumn(column.path("name").asString(), column.path("type").asString());
      }
    }
  }

  private DatasetColumns columns() {
    List<ColumnInfo> entities = new ArrayList<>();
    for (JsonNode column : description.path("entityColumns")) {
      if (column.path("role").asString().equals("FEATURE")) {
        entities.add(column(column));
      }
    }
    if (asOf == null) {
      return DatasetColumns.ofEntities(entities, Map.of());
    }
    List<ColumnInfo> events = new ArrayList<>();
    description.path("eventColumns").forEach(column -> events.add(column(column)));
    return DatasetColumns.withEvents(
        entities, description.path("hasAmount").asBoolean(), events, Map.of());
  }

  private static ColumnInfo column(JsonNode column) {
    return new ColumnInfo(column.path("name").asString(), column.path("type").asString());
  }

  private void load(String made, Path file) throws SQLException {
    database.execute(
        "CREATE " + made + " AS SELECT * FROM read_parquet(" + DuckDb.text(file.toString()) + ")");
  }
}
