package dev.mlhandoff.far;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.store.OfflineTable;
import dev.mlhandoff.far.features.FeatureDefinition;
import dev.mlhandoff.far.features.FeatureDefinition.Origin;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.FeatureView;
import dev.mlhandoff.messages.FeatureView.Feature;
import dev.mlhandoff.messages.FeatureView.SourceColumn;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.runtime.Digests;
import dev.mlhandoff.runtime.StageContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Makes feature views of a run's own features, and writes their partitions of the offline table.
 */
final class ViewPublication {

  private static final String PARQUET = "application/vnd.apache.parquet";

  /** What cleaned columns may be for; a label or a protected attribute is none of them. */
  private static final Set<String> REGISTRABLE = Set.of("FEATURE", "TIME", "AMOUNT");

  private final StageHandoff handoff;
  private final StageContext context;
  private final JsonNode description;
  private final ViewTimes times;
  private final Map<String, JsonNode> lineage = new HashMap<>();

  /**
   * @param description the dataset's
   * @param lineage the data pipeline's
   */
  ViewPublication(
      StageHandoff handoff,
      StageContext context,
      JsonNode description,
      JsonNode lineage,
      ViewTimes times) {
    this.handoff = handoff;
    this.context = context;
    this.description = description;
    this.times = times;
    lineage.forEach(column -> this.lineage.put(column.path("column").asString(""), column));
  }

  /**
   * The views: {@code history} of what is computed from events, {@code attributes} of the entities'
   * own columns; one without features is left out.
   *
   * @param database holds the table {@code features}
   * @throws IllegalStateException if a feature is computed from anything but columns that may
   *     become features
   */
  List<FeatureView> publish(
      DuckDb database, List<FeatureDefinition> own, ArtifactRef definitions, ArtifactRef features)
      throws IOException, SQLException {
    List<FeatureView> views = new ArrayList<>();
    for (String name : List.of("history", "attributes")) {
      List<FeatureDefinition> members =
          own.stream().filter(definition -> name.equals(viewOf(definition))).toList();
      if (!members.isEmpty()) {
        views.add(view(name, members, definitions, features, offline(database, name, members)));
      }
    }
    return views;
  }

  static String viewOf(FeatureDefinition definition) {
    return definition.sources().get(0).startsWith("events.") ? "history" : "attributes";
  }

  private FeatureView view(
      String name,
      List<FeatureDefinition> members,
      ArtifactRef definitions,
      ArtifactRef features,
      ArtifactRef offline) {
    JsonNode declared = description.path("featureViews");
    List<String> tags = new ArrayList<>();
    declared.path("tags").forEach(tag -> tags.add(tag.asString("")));
    return new FeatureView(
        handoff.modelId(),
        name,
        handoff.version(),
        handoff.runId(),
        handoff.request().dataset(),
        description.path("entityKey").asString(""),
        members.stream().map(this::feature).toList(),
        declared.path("owner").isString() ? declared.path("owner").asString() : null,
        tags,
        timeToLiveDays(description),
        times.eventTime(),
        times.knownTime(),
        definitions.sha256(),
        features.sha256(),
        definitions,
        offline);
  }

  static @Nullable Integer timeToLiveDays(JsonNode description) {
    JsonNode days = description.path("featureViews").path("timeToLiveDays");
    return days.isNumber() ? days.asInt() : null;
  }

  private Feature feature(FeatureDefinition definition) {
    List<SourceColumn> sources = new ArrayList<>();
    for (String column : definition.sources()) {
      JsonNode cleaned = lineage.get(column);
      if (cleaned == null || !REGISTRABLE.contains(cleaned.path("role").asString(""))) {
        throw new IllegalStateException(
            "feature %s is computed from %s, which may not become a feature"
                .formatted(definition.name(), column));
      }
      cleaned
          .path("sources")
          .forEach(
              source ->
                  sources.add(
                      new SourceColumn(
                          source.path("source").asString(""), source.path("column").asString(""))));
    }
    Origin declared = definition.declared();
    return new Feature(
        definition.name(),
        definition.kind(),
        definition.description(),
        definition.expression(),
        definition.sources(),
        sources,
        definition.windowDays(),
        declared == null ? null : declared.owner(),
        declared == null || declared.tags().isEmpty() ? null : declared.tags(),
        definition.timeToLiveDays());
  }

  /** The address says project, view and day; the file of a version is named by its content. */
  private ArtifactRef offline(DuckDb database, String name, List<FeatureDefinition> members)
      throws IOException, SQLException {
    Path file = context.workDirectory().resolve(name + ".offline.parquet");
    OfflineTable.write(
        database,
        "features",
        members.stream().map(FeatureDefinition::name).toList(),
        times.eventTime(),
        times.knownTime(),
        file);
    String digest = Digests.sha256(file);
    String key =
        "feature-views/%s/%s/event_date=%s/%s-%s.parquet"
            .formatted(
                handoff.modelId(),
                name,
                times.eventTime().atZone(ZoneOffset.UTC).toLocalDate(),
                handoff.version(),
                digest.substring(0, 16));
    context.artifacts().put(key, file, PARQUET);
    return new ArtifactRef(context.artifacts().uri(key), digest, Files.size(file), PARQUET);
  }
}
