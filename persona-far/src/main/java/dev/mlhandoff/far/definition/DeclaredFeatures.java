package dev.mlhandoff.far.definition;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.definition.DatasetColumns;
import dev.mlhandoff.data.definition.DeclaredFeature;
import dev.mlhandoff.data.definition.DeclaredFeature.Column;
import dev.mlhandoff.data.definition.DeclaredFeature.Gap;
import dev.mlhandoff.data.definition.DeclaredFeature.PerCategory;
import dev.mlhandoff.data.definition.DeclaredFeature.Ratio;
import dev.mlhandoff.data.definition.DeclaredFeature.Seasonality;
import dev.mlhandoff.data.definition.DeclaredFeature.Trend;
import dev.mlhandoff.data.definition.DeclaredFeature.Window;
import dev.mlhandoff.data.definition.FeatureFile;
import dev.mlhandoff.far.features.EntityColumn;
import dev.mlhandoff.far.features.FeatureDefinition;
import dev.mlhandoff.far.features.HistorySql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes candidate features of declared ones: the same kind of definition that the derived ones are,
 * an expression over the cleaned tables with the columns it reads.
 */
public final class DeclaredFeatures {

  private final DuckDb database;
  private final @Nullable String asOf;
  private final DatasetColumns columns;

  /**
   * @param database holds the tables {@code dataset} and, with an as-of date, {@code events}
   * @param asOf ISO date; null for a dataset without events
   */
  public DeclaredFeatures(DuckDb database, @Nullable String asOf, DatasetColumns columns) {
    this.database = database;
    this.asOf = asOf;
    this.columns = columns;
  }

  /**
   * The features of a file that was read with these columns, in its order, with those of categories
   * behind: a name that the file says is then never taken by one that follows from the data.
   */
  public List<FeatureDefinition> of(FeatureFile file) throws SQLException {
    Map<String, FeatureDefinition> made = new LinkedHashMap<>();
    for (DeclaredFeature feature : file.features()) {
      if (!(feature instanceof Ratio) && !(feature instanceof PerCategory)) {
        made.put(feature.name(), single(feature));
      }
    }
    Map<String, DeclaredFeature> named = new LinkedHashMap<>();
    file.features().forEach(feature -> named.put(feature.name(), feature));
    List<FeatureDefinition> definitions = new ArrayList<>();
    for (DeclaredFeature feature : file.features()) {
      if (!(feature instanceof PerCategory)) {
        definitions.add(definition(feature, named, made));
      }
    }
    for (DeclaredFeature feature : file.features()) {
      if (feature instanceof PerCategory categories) {
        definitions.addAll(events().perCategory(categories));
      }
    }
    return definitions;
  }

  private FeatureDefinition single(DeclaredFeature feature) throws SQLException {
    if (feature instanceof Column column) {
      ColumnInfo source = columns.entity(column.column()).orElseThrow();
      return Declared.as(
          feature, new EntityColumn(database, source.name(), source.type(), asOf).declared());
    }
    if (feature instanceof Window window) {
      return events().window(window);
    }
    if (feature instanceof Trend trend) {
      return events().trend(trend);
    }
    return feature instanceof Gap gap
        ? events().gap(gap)
        : events().seasonality((Seasonality) feature);
  }

  private FeatureDefinition definition(
      DeclaredFeature feature,
      Map<String, DeclaredFeature> named,
      Map<String, FeatureDefinition> made) {
    FeatureDefinition known = made.get(feature.name());
    if (known != null) {
      return known;
    }
    Ratio ratio = (Ratio) feature;
    FeatureDefinition definition =
        RatioOf.features(
            ratio,
            definition(Objects.requireNonNull(named.get(ratio.numerator())), named, made),
            definition(Objects.requireNonNull(named.get(ratio.denominator())), named, made));
    made.put(ratio.name(), definition);
    return definition;
  }

  private EventFeatures events() {
    return new EventFeatures(database, new HistorySql(Objects.requireNonNull(asOf)), columns);
  }
}
