package dev.mlhandoff.messages;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One version of features that belong together, on the compacted {@code feature.views.v1} under
 * project, name and version. Every one of them was computed without a label, and nothing of them is
 * fitted.
 *
 * @param project model id of the project that computed them
 * @param name {@code history} (from events) or {@code attributes} (from the entities' own columns)
 * @param version version of the project's model
 * @param runId the run that computed them
 * @param dataset the catalog's name of the dataset they are computed from
 * @param entity name of the column that names an entity
 * @param owner who answers for them, if the catalog says
 * @param timeToLiveDays a value counts for so long after {@code eventTime}, online and offline;
 *     null for ever
 * @param eventTime the values describe the entities up to this moment
 * @param knownTime from this moment on the values were known
 * @param pipelineDigest SHA-256 of the definitions
 * @param featureDigest SHA-256 of the feature table they stand in; names the online rows
 * @param definitions the definitions of all features of the run
 * @param offline one partition of the offline table: Parquet with entity key, event time, known
 *     time and the features
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FeatureView(
    String project,
    String name,
    String version,
    String runId,
    String dataset,
    String entity,
    List<Feature> features,
    @Nullable String owner,
    List<String> tags,
    @Nullable Integer timeToLiveDays,
    Instant eventTime,
    Instant knownTime,
    String pipelineDigest,
    String featureDigest,
    ArtifactRef definitions,
    ArtifactRef offline) {

  public FeatureView {
    features = List.copyOf(features);
    tags = List.copyOf(tags);
  }

  /**
   * One feature.
   *
   * @param type {@code NUMERIC} or {@code CATEGORICAL}
   * @param definition the SQL that computes it
   * @param columns the cleaned columns it is computed from, {@code entities.NAME} or {@code
   *     events.NAME}
   * @param sources the source columns behind them
   * @param windowDays days before {@code eventTime} that it looks at; null for no limit
   * @param owner who answers for it, if that is declared
   * @param tags words to find it by, if any are declared
   * @param timeToLiveDays a value counts for so long after {@code eventTime}, and no longer than
   *     the view's; null if none is declared
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Feature(
      String name,
      String type,
      String description,
      String definition,
      List<String> columns,
      List<SourceColumn> sources,
      @Nullable Integer windowDays,
      @Nullable String owner,
      @Nullable List<String> tags,
      @Nullable Integer timeToLiveDays) {

    public Feature {
      columns = List.copyOf(columns);
      sources = List.copyOf(sources);
      tags = tags == null ? null : List.copyOf(tags);
    }

    /** A feature of which nothing is said but what holds for its view. */
    public Feature(
        String name,
        String type,
        String description,
        String definition,
        List<String> columns,
        List<SourceColumn> sources,
        @Nullable Integer windowDays) {
      this(name, type, description, definition, columns, sources, windowDays, null, null, null);
    }

    /** How long after {@code eventTime} a value counts besides; null for as long as the view's. */
    public @Nullable Duration timeToLive() {
      return timeToLiveDays == null ? null : Duration.ofDays(timeToLiveDays);
    }
  }

  /** A column of a source, as the data pipeline's lineage names it. */
  public record SourceColumn(String source, String column) {}

  /** The record's key. */
  public String key() {
    return project + "/" + name + "/" + version;
  }

  /** How long after {@code eventTime} a value counts; null for ever. */
  public @Nullable Duration timeToLive() {
    return timeToLiveDays == null ? null : Duration.ofDays(timeToLiveDays);
  }

  /** The feature of a name. */
  public Optional<Feature> feature(String wanted) {
    return features.stream().filter(feature -> feature.name().equals(wanted)).findFirst();
  }
}
