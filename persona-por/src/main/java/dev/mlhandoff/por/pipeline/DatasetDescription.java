package dev.mlhandoff.por.pipeline;

import dev.mlhandoff.data.catalog.FeatureViews;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What the cleaned dataset is: features are built, and governance judges, from this and the files.
 *
 * @param asOf ISO date, if the dataset has events
 * @param entityColumns columns of the dataset, and those that only the audit attributes have
 * @param counts rows by what they are
 * @param prevalence share of entities with label 1
 * @param personalData names of source columns with personal data; none of them was let through
 * @param protectedAttributes columns of the audit attributes
 * @param favourableDecision which predicted class, 0 or 1, is better for the person concerned; null
 *     if the catalog does not say
 * @param featureViews what the catalog says of feature views made from the dataset
 */
public record DatasetDescription(
    String dataset,
    String target,
    String label,
    String entityKey,
    @Nullable String asOf,
    boolean hasAmount,
    List<Column> entityColumns,
    List<Column> eventColumns,
    SortedMap<String, Long> counts,
    double prevalence,
    List<String> personalData,
    List<String> protectedAttributes,
    @Nullable Integer favourableDecision,
    FeatureViews featureViews) {

  /**
   * A column.
   *
   * @param type DuckDB's name of its type
   * @param role FEATURE or PROTECTED
   * @param missing share of rows without a value, 0 to 1
   * @param distinct how many different values there are
   */
  public record Column(String name, String type, String role, double missing, long distinct) {}
}
