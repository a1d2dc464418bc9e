package dev.mlhandoff.data.catalog;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the operator says of one dataset; everything that is left out is inferred from the data.
 *
 * @param entities one row an entity; without it the entities are those of the events
 * @param events what the entities did
 * @param eventKey only with it are repeated events removed
 * @param asOf features look at events up to the end of this day
 * @param pii columns with personal data; they never leave the data pipeline
 * @param protectedColumns protected attributes; kept for fairness, never a feature
 * @param grants who else may read feature views made from this dataset
 * @param featureViews what holds for feature views made from this dataset
 * @param entityMappings how this dataset's entities are found among those of others
 * @param features a file of declared features, relative to the catalog; null if there is none
 * @param spellings per column: the right spelling, and what it replaces
 * @param ranges what is done with numbers out of range; undeclared ones stay as they are
 */
public record Dataset(
    @Nullable Source entities,
    @Nullable Source events,
    String entityKey,
    @Nullable String eventKey,
    @Nullable String eventTime,
    @Nullable String amount,
    @Nullable LocalDate asOf,
    Map<String, Target> targets,
    List<String> pii,
    List<String> protectedColumns,
    Map<String, Map<String, List<String>>> spellings,
    List<RangeRule> ranges,
    List<Check> checks,
    List<Grant> grants,
    FeatureViews featureViews,
    List<EntityMapping> entityMappings,
    @Nullable String features) {

  public Dataset {
    targets = Objects.requireNonNullElse(targets, Map.of());
    pii = Objects.requireNonNullElse(pii, List.of());
    protectedColumns = Objects.requireNonNullElse(protectedColumns, List.of());
    spellings = Objects.requireNonNullElse(spellings, Map.of());
    ranges = Objects.requireNonNullElse(ranges, List.of());
    checks = Objects.requireNonNullElse(checks, List.of());
    grants = Objects.requireNonNullElse(grants, List.of());
    featureViews = Objects.requireNonNullElse(featureViews, FeatureViews.DEFAULT);
    entityMappings = Objects.requireNonNullElse(entityMappings, List.of());
    if (entities == null && events == null) {
      throw new IllegalArgumentException("a dataset has entities or events");
    }
    if (entityKey == null) {
      throw new IllegalArgumentException("a dataset names its entityKey");
    }
    if (events != null && (eventTime == null || asOf == null)) {
      throw new IllegalArgumentException("a dataset with events names eventTime and asOf");
    }
    LocalDate knownAt = featureViews.knownAt();
    if (knownAt != null && (asOf == null || knownAt.isBefore(asOf))) {
      throw new IllegalArgumentException("knownAt is not before asOf");
    }
  }
}
