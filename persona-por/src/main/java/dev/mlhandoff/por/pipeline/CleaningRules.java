package dev.mlhandoff.por.pipeline;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.catalog.Dataset;
import dev.mlhandoff.data.catalog.Source;
import dev.mlhandoff.por.pipeline.CleanColumn.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * How each source column becomes a cleaned one: by its type and by what the catalog declares, never
 * by anything learned from the data. Columns with personal data become none.
 */
final class CleaningRules {

  /** Names that the pipeline gives itself, in lower case. */
  private static final Set<String> RESERVED =
      Set.of(
          "entity_key",
          "event_time",
          "amount",
          "label",
          "holdout",
          "fold",
          "occurrence",
          "reason",
          "place",
          "size");

  /**
   * What stands for a missing value in texts, whatever the source. A list, as the engine makes of
   * {@code IN} a join for each column, and each of these holds rows of all columns in memory.
   */
  private static final String MISSING =
      "['', 'NA', 'N/A', '#N/A', 'NaN', 'nan', 'null', 'NULL', 'None', '?']";

  private final Dataset dataset;

  CleaningRules(Dataset dataset) {
    this.dataset = dataset;
  }

  /** The columns of the cleaned entities, the key first. */
  List<CleanColumn> entities(Source source, List<ColumnInfo> raw) throws DataRejectedException {
    DeclaredRanges ranges = new DeclaredRanges(dataset.ranges(), "entities");
    require(raw, dataset.entityKey(), "entities");
    for (String column : ranges.columns()) {
      require(raw, column, "entities");
    }
    List<CleanColumn> columns = new ArrayList<>();
    columns.add(key(source));
    for (ColumnInfo column : raw) {
      if (column.name().equals(dataset.entityKey()) || isPersonal(column)) {
        continue;
      }
      Role role = Role.FEATURE;
      if (dataset.targets().values().stream().anyMatch(t -> column.name().equals(t.column()))) {
        role = Role.TARGET;
      } else if (dataset.protectedColumns().contains(column.name())) {
        role = Role.PROTECTED;
      }
      columns.add(cleaned(column, role, source, raw, ranges));
    }
    return columns;
  }

  /** The columns of the cleaned events: key, time, amount if there is one, then the others. */
  List<CleanColumn> events(Source source, List<ColumnInfo> raw) throws DataRejectedException {
    String time = Objects.requireNonNull(dataset.eventTime());
    String amount = dataset.amount();
    DeclaredRanges ranges = new DeclaredRanges(dataset.ranges(), "events");
    require(raw, dataset.entityKey(), "events");
    for (String column : ranges.columns()) {
      require(raw, column, "events");
    }
    require(raw, time, "events");
    List<CleanColumn> columns = new ArrayList<>();
    columns.add(key(source));
    columns.add(
        new CleanColumn(
            "event_time",
            Role.TIME,
            eventTime(DuckDb.name(time), source),
            "read as a time; missing where it is none",
            origin(source, time)));
    if (amount != null) {
      require(raw, amount, "events");
      columns.add(
          new CleanColumn(
              "amount",
              Role.AMOUNT,
              "TRY_CAST("
                  + ranges.changed(amount, finite(DuckDb.name(amount)))
                  + " AS DECIMAL(18,4))",
              "DECIMAL(18,4); NaN, infinities and what is no number are missing"
                  + ranges.inWords(amount),
              origin(source, amount)));
    }
    if (dataset.eventKey() != null) {
      require(raw, dataset.eventKey(), "events");
    }
    for (ColumnInfo column : raw) {
      if (Set.of(dataset.entityKey(), time).contains(column.name())
          || column.name().equals(amount)
          || dataset.protectedColumns().contains(column.name())
          || isPersonal(column)) {
        continue;
      }
      Role role = column.name().equals(dataset.eventKey()) ? Role.EVENT_KEY : Role.FEATURE;
      columns.add(cleaned(column, role, source, raw, ranges));
    }
    return columns;
  }

  private boolean isPersonal(ColumnInfo column) {
    return dataset.pii().contains(column.name());
  }

  private CleanColumn key(Source source) {
    return new CleanColumn(
        "entity_key",
        Role.KEY,
        "CAST(" + DuckDb.name(dataset.entityKey()) + " AS VARCHAR)",
        "as text",
        origin(source, dataset.entityKey()));
  }

  private CleanColumn cleaned(
      ColumnInfo column, Role role, Source source, List<ColumnInfo> raw, DeclaredRanges ranges) {
    String name = DuckDb.name(column.name());
    String expression = name;
    String rule = "as recorded";
    if (column.type().equals("DOUBLE") || column.type().equals("FLOAT")) {
      expression = finite(name);
      rule = "NaN and infinities are missing";
    } else if (column.type().equals("VARCHAR")) {
      Map<String, List<String>> spellings =
          dataset.spellings().getOrDefault(column.name(), Map.of());
      expression = spelled(name, spellings);
      rule =
          "trimmed; empty and the usual marks of a missing value are missing"
              + (spellings.isEmpty() ? "" : "; declared spellings");
    }
    return new CleanColumn(
        freeName(column.name(), raw),
        role,
        ranges.changed(column.name(), expression),
        rule + ranges.inWords(column.name()),
        origin(source, column.name()));
  }

  /** A source column that has a name of the pipeline's own gets another. */
  private static String freeName(String name, List<ColumnInfo> raw) {
    String free = name;
    while (RESERVED.contains(free.toLowerCase(Locale.ROOT))
        || (!free.equals(name) && hasName(raw, free))) {
      free += "_source";
    }
    return free;
  }

  private static boolean hasName(List<ColumnInfo> raw, String name) {
    return raw.stream().anyMatch(column -> column.name().equalsIgnoreCase(name));
  }

  private static String spelled(String name, Map<String, List<String>> spellings) {
    String trimmed =
        "CASE WHEN NOT list_contains(%s, trim(%s)) THEN trim(%s) END"
            .formatted(MISSING, name, name);
    if (spellings.isEmpty()) {
      return trimmed;
    }
    StringBuilder sql = new StringBuilder("CASE");
    for (Map.Entry<String, List<String>> spelling : spellings.entrySet()) {
      List<String> variants =
          spelling.getValue().stream().map(v -> DuckDb.text(v.strip())).toList();
      sql.append(
          " WHEN list_contains([%s], trim(%s)) THEN %s"
              .formatted(String.join(", ", variants), name, DuckDb.text(spelling.getKey())));
    }
    return sql + " ELSE " + trimmed + " END";
  }

  private static String eventTime(String column, Source source) {
    return source.dateFormat() == null
        ? "TRY_CAST(" + column + " AS TIMESTAMP)"
        : "TRY_STRPTIME(CAST(" + column + " AS VARCHAR), " + DuckDb.text(source.dateFormat()) + ")";
  }

  private static String finite(String column) {
    return "CASE WHEN isfinite(TRY_CAST(%s AS DOUBLE)) THEN %s END".formatted(column, column);
  }

  private static ColumnLineage.SourceColumn origin(Source source, String column) {
    return new ColumnLineage.SourceColumn(source.description(), column);
  }

  private static void require(List<ColumnInfo> columns, String name, String where)
      throws DataRejectedException {
    if (columns.stream().noneMatch(column -> column.name().equals(name))) {
      throw new DataRejectedException(
          "MISSING_COLUMN",
          "the %s have no column %s, only %s"
              .formatted(where, name, columns.stream().map(ColumnInfo::name).toList()),
          "/dataset");
    }
  }
}
