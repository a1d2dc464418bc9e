package dev.mlhandoff.gate.governance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The way of every served feature back to the source: fitted feature, candidate, cleaned columns,
 * source columns.
 *
 * @param served fitted feature to the candidate columns it is computed from
 * @param candidates candidate column to cleaned columns, {@code entities.NAME} or {@code
 *     events.NAME}
 * @param cleaned cleaned column to the names of its source columns
 */
public record Lineage(
    SortedMap<String, List<String>> served,
    Map<String, List<String>> candidates,
    Map<String, List<String>> cleaned) {

  private static final String[] EVIDENCE = {
    "training/model-bundle", "feature_engineering/feature-set", "data_pipeline/lineage"
  };

  /** Fails where the way of a served feature breaks off. */
  public Finding complete() {
    List<String> broken = new ArrayList<>();
    served.forEach(
        (feature, from) -> from.forEach(candidate -> broken.addAll(gaps(feature, candidate))));
    return Finding.of(
        CheckIds.LINEAGE_COMPLETE,
        broken.isEmpty(),
        broken.isEmpty()
            ? "every one of %d served features is traced to its source columns"
                .formatted(served.size())
            : String.join("; ", broken),
        Map.of("served", (double) served.size(), "broken", (double) broken.size()),
        EVIDENCE);
  }

  private List<String> gaps(String feature, String candidate) {
    List<String> columns = candidates.getOrDefault(candidate, List.of());
    if (columns.isEmpty()) {
      return List.of("%s: no definition of %s".formatted(feature, candidate));
    }
    return columns.stream()
        .filter(column -> cleaned.getOrDefault(column, List.of()).isEmpty())
        .map(column -> "%s: no source of %s".formatted(feature, column))
        .toList();
  }

  /**
   * Fails where a source column with personal data is, or is a source of, a feature.
   *
   * @param personal names of source columns with personal data
   */
  public Finding withoutPersonalData(List<String> personal) {
    SortedSet<String> found = new TreeSet<>();
    for (String candidate : new TreeSet<>(candidates.keySet())) {
      for (String source : sourcesOf(candidate)) {
        if (personal.contains(source)) {
          found.add("%s is computed from %s".formatted(candidate, source));
        }
      }
    }
    return Finding.of(
        CheckIds.NO_PERSONAL_DATA,
        found.isEmpty(),
        found.isEmpty()
            ? "none of %d candidate features is computed from a column with personal data (%s)"
                .formatted(
                    candidates.size(),
                    personal.isEmpty() ? "none declared" : String.join(", ", personal))
            : String.join("; ", found),
        Map.of("declared", (double) personal.size(), "candidates", (double) candidates.size()),
        "data_pipeline/dataset-description",
        "feature_engineering/feature-set",
        "data_pipeline/lineage");
  }

  /** The source columns of a candidate; the names of its cleaned columns count as well. */
  public SortedSet<String> sourcesOf(String candidate) {
    SortedSet<String> sources = new TreeSet<>();
    for (String column : candidates.getOrDefault(candidate, List.of())) {
      sources.add(column.substring(column.indexOf('.') + 1));
      sources.addAll(cleaned.getOrDefault(column, List.of()));
    }
    return sources;
  }

  /** The source columns of a served feature. */
  public SortedSet<String> sourcesOfServed(String feature) {
    SortedSet<String> sources = new TreeSet<>();
    served
        .getOrDefault(feature, List.of(feature))
        .forEach(candidate -> sources.addAll(sourcesOf(candidate)));
    return sources;
  }

  /** Copies the maps. */
  public Lineage {
    served = new TreeMap<>(served);
  }
}
