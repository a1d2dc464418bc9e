package dev.mlhandoff.far.definition;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.definition.DatasetColumns;
import dev.mlhandoff.data.definition.DeclaredFeature;
import dev.mlhandoff.data.definition.DeclaredFeature.Aggregate;
import dev.mlhandoff.data.definition.DeclaredFeature.Between;
import dev.mlhandoff.data.definition.DeclaredFeature.Gap;
import dev.mlhandoff.data.definition.DeclaredFeature.Measure;
import dev.mlhandoff.data.definition.DeclaredFeature.Part;
import dev.mlhandoff.data.definition.DeclaredFeature.PerCategory;
import dev.mlhandoff.data.definition.DeclaredFeature.Seasonality;
import dev.mlhandoff.data.definition.DeclaredFeature.Trend;
import dev.mlhandoff.data.definition.DeclaredFeature.Window;
import dev.mlhandoff.far.features.FeatureDefinition;
import dev.mlhandoff.far.features.HistorySql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Features that are declared over the events. */
final class EventFeatures {

  private final DuckDb database;
  private final HistorySql history;
  private final DatasetColumns columns;

  EventFeatures(DuckDb database, HistorySql history, DatasetColumns columns) {
    this.database = database;
    this.history = history;
    this.columns = columns;
  }

  /** A count is 0 where there is nothing, and so is a sum; all else is missing. */
  FeatureDefinition window(Window feature) {
    String column = feature.column();
    Integer days = feature.days();
    String value =
        column == null
            ? "e.event_time"
            : feature.of() == Aggregate.COUNT || feature.of() == Aggregate.DISTINCT
                ? sql(column)
                : number(column);
    String what = column == null ? "events" : column;
    return switch (feature.of()) {
      case COUNT -> one(feature, "number of " + what, filtered("count(" + value + ")", days), days);
      case DISTINCT ->
          one(
              feature,
              "different values of " + what,
              filtered("count(DISTINCT " + value + ")", days),
              days);
      case SUM -> one(feature, "sum of " + what, sum(value, inLast(days)), days);
      case MEAN -> one(feature, "mean of " + what, filtered("avg(" + value + ")", days), days);
      case MIN -> one(feature, "smallest " + what, filtered("min(" + value + ")", days), days);
      case MAX -> one(feature, "largest " + what, filtered("max(" + value + ")", days), days);
      case STANDARD_DEVIATION ->
          one(
              feature,
              "standard deviation of " + what,
              filtered("stddev_samp(CAST(" + value + " AS DOUBLE))", days),
              days);
    };
  }

  FeatureDefinition trend(Trend feature) {
    int days = feature.days();
    String column = feature.column();
    String what = column == null ? "number of events" : "sum of " + column;
    String recent = history.inLast(days);
    String before = history.before(days);
    return switch (feature.of()) {
      case RATIO ->
          one(
              feature,
              what + ", recent over earlier",
              column == null
                  ? history.countTrend(days)
                  : finite(
                      "%s / nullif(%s, 0)"
                          .formatted(sum(number(column), recent), sum(number(column), before))),
              2 * days);
      case DIFFERENCE ->
          one(
              feature,
              what + ", recent minus earlier",
              column == null
                  ? HistorySql.count(recent) + " - " + HistorySql.count(before)
                  : sum(number(column), recent) + " - " + sum(number(column), before),
              2 * days);
      case SLOPE ->
          one(
              feature,
              "change of " + column + " a day",
              "nullif(regr_slope(CAST(%s AS DOUBLE), CAST(-%s AS DOUBLE)) FILTER (WHERE %s), 'NaN'::DOUBLE)"
                  .formatted(number(String.valueOf(column)), history.days(), recent),
              days);
    };
  }

  FeatureDefinition gap(Gap feature) {
    return feature.of() == Between.SINCE_LAST
        ? one(feature, "days since the last event", history.sinceLast(), null)
        : one(feature, "mean days between events", history.meanGap(), null);
  }

  FeatureDefinition seasonality(Seasonality feature) {
    String function =
        feature.part() == Part.WEEKDAYS
            ? "isodow"
            : feature.part() == Part.MONTHS ? "month" : "hour";
    String values =
        feature.values().stream().map(String::valueOf).collect(Collectors.joining(", "));
    return one(
        feature,
        "share of events in the " + feature.part().name().toLowerCase(Locale.ROOT) + " " + values,
        filtered(
            HistorySql.share("%s(e.event_time) IN (%s)".formatted(function, values)),
            feature.days()),
        feature.days());
  }

  /** One for each of the most frequent values that were seen up to the as-of date. */
  List<FeatureDefinition> perCategory(PerCategory feature) throws SQLException {
    String value =
        columns.event(feature.column()).map(ColumnInfo::type).orElse("").equals("VARCHAR")
            ? sql(feature.column())
            : "CAST(" + sql(feature.column()) + " AS VARCHAR)";
    String sumOf = feature.sumOf();
    List<FeatureDefinition> features = new ArrayList<>();
    for (String category :
        HistorySql.mostFrequent(database, value, history.seen(), feature.top())) {
      String condition = value + " = " + DuckDb.text(category);
      String inside =
          feature.days() == null ? condition : condition + " AND " + inLast(feature.days());
      String expression =
          sumOf != null
              ? sum(number(sumOf), inside)
              : feature.of() == Measure.COUNT
                  ? HistorySql.count(inside)
                  : filtered(HistorySql.share(condition), feature.days());
      String measure =
          sumOf != null ? "sum of " + sumOf : feature.of().name().toLowerCase(Locale.ROOT);
      List<String> sources = new ArrayList<>(List.of("events." + feature.column()));
      if (sumOf != null && !sumOf.equals(feature.column())) {
        sources.add("events." + sumOf);
      }
      features.add(
          Declared.feature(
              feature,
              feature.name() + "_" + category,
              "%s of events with %s %s%s"
                  .formatted(measure, feature.column(), category, within(feature.days())),
              expression,
              sources,
              feature.days()));
    }
    return features;
  }

  /** From the column it names, or from the times of the events. */
  private static FeatureDefinition one(
      DeclaredFeature feature, String said, String expression, @Nullable Integer days) {
    String column =
        feature instanceof Window window
            ? window.column()
            : feature instanceof Trend trend ? trend.column() : null;
    return Declared.feature(
        feature,
        feature.name(),
        said + within(days),
        expression,
        List.of("events." + (column == null ? "event_time" : column)),
        days);
  }

  private static String within(@Nullable Integer days) {
    return days == null ? "" : " within " + days + " days";
  }

  private String filtered(String aggregate, @Nullable Integer days) {
    return days == null ? aggregate : aggregate + " FILTER (WHERE " + inLast(days) + ")";
  }

  private String inLast(@Nullable Integer days) {
    return days == null ? "TRUE" : history.inLast(days);
  }

  private static String sum(String value, String condition) {
    return "coalesce(sum(%s) FILTER (WHERE %s), 0)::DOUBLE".formatted(value, condition);
  }

  /** Missing instead of infinite. */
  static String finite(String expression) {
    return "nullif(nullif(%s, 'Infinity'::DOUBLE), '-Infinity'::DOUBLE)".formatted(expression);
  }

  private String number(String column) {
    return EventNumber.of(columns.event(column).orElseThrow());
  }

  private static String sql(String column) {
    return "e." + DuckDb.name(column);
  }
}
