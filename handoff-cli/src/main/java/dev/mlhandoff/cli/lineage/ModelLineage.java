package dev.mlhandoff.cli.lineage;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where everything in one model comes from.
 *
 * @param project model id; other projects name its features by it
 * @param version of the model
 * @param served column of the model to the features that it is computed from
 * @param features feature to the cleaned columns that it is computed from; candidates that the
 *     model does not use are among them
 * @param columns cleaned column to its source columns, each as {@code source: column}, or as {@code
 *     project/view@version.feature} of another project
 */
public record ModelLineage(
    String project,
    String version,
    SortedMap<String, List<String>> served,
    SortedMap<String, List<String>> features,
    SortedMap<String, List<String>> columns) {

  public ModelLineage {
    served = new TreeMap<>(served);
    features = new TreeMap<>(features);
    columns = new TreeMap<>(columns);
  }

  /** As it stands in cards: {@code project/version}. */
  String key() {
    return project + "/" + version;
  }

  List<String> columnsOf(String feature) {
    return features.getOrDefault(feature, List.of());
  }

  List<String> sourcesOf(String column) {
    return columns.getOrDefault(column, List.of());
  }

  /** Columns of the model that are computed from a feature. */
  List<String> servedFrom(String feature) {
    return served.entrySet().stream()
        .filter(entry -> entry.getValue().contains(feature))
        .map(Map.Entry::getKey)
        .toList();
  }
}
