package dev.mlhandoff.far.definition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.ColumnReferences;
import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.ParquetTable;
import dev.mlhandoff.data.definition.DatasetColumns;
import dev.mlhandoff.data.definition.FeatureFile;
import dev.mlhandoff.far.features.FeatureBuilder;
import dev.mlhandoff.far.features.FeatureDefinition;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of declared feature against a search through every event, as of 2025-06-30. */
class DeclaredFeaturesTest {

  private static final LocalDate AS_OF = LocalDate.of(2025, 6, 30);
  private static final LocalDateTime CUTOFF = AS_OF.plusDays(1).atStartOfDay();
  private static final int ENTITIES = 25;

  private static final DatasetColumns COLUMNS =
      new DatasetColumns(
          List.of(
              new ColumnInfo("plan", "VARCHAR"),
              new ColumnInfo("income", "DOUBLE"),
              new ColumnInfo("code", "VARCHAR"),
              new ColumnInfo("signup", "DATE")),
          true,
          List.of(
              new ColumnInfo("event_time", "TIMESTAMP"),
              new ColumnInfo("amount", "DECIMAL(18,4)"),
              new ColumnInfo("minutes", "DOUBLE"),
              new ColumnInfo("channel", "VARCHAR"),
              new ColumnInfo("paid", "BOOLEAN")),
          Map.of());

  private static final String FILE =
      """
      derived: false
      features:
        - {name: orders, kind: window, of: count}
        - {name: orders_30, kind: window, of: count, days: 30}
        - {name: timed_30, kind: window, of: count, column: minutes, days: 30}
        - {name: spent, kind: window, of: sum, column: amount}
        - {name: spent_30, kind: window, of: sum, column: amount, days: 30}
        - {name: paid_30, kind: window, of: sum, column: paid, days: 30}
        - {name: mean_45, kind: window, of: mean, column: minutes, days: 45}
        - {name: least_45, kind: window, of: min, column: minutes, days: 45}
        - {name: most_45, kind: window, of: max, column: minutes, days: 45}
        - {name: spread_45, kind: window, of: standardDeviation, column: minutes, days: 45}
        - {name: channels_30, kind: window, of: distinct, column: channel, days: 30}
        - {name: spent_each, kind: ratio, numerator: spent_30, denominator: orders_30}
        - {name: spent_share, kind: ratio, numerator: spent_each, denominator: income}
        - {name: orders_trend, kind: trend, of: ratio, days: 20}
        - {name: spent_trend, kind: trend, of: ratio, column: amount, days: 20}
        - {name: orders_change, kind: trend, of: difference, days: 20}
        - {name: spent_change, kind: trend, of: difference, column: amount, days: 20}
        - {name: minutes_slope, kind: trend, of: slope, column: minutes, days: 60}
        - {name: quiet, kind: gap, of: sinceLast}
        - {name: pause, kind: gap, of: mean}
        - {name: weekend, kind: seasonality, weekdays: [6, 7]}
        - {name: spring, kind: seasonality, months: [3, 4, 5]}
        - {name: night_60, kind: seasonality, hours: [22, 23, 0, 1], days: 60}
        - {name: via, kind: perCategory, column: channel, top: 2, days: 60}
        - {name: orders_via, kind: perCategory, column: channel, of: count, top: 2}
        - {name: spent_via, kind: perCategory, column: channel, of: sum, sumOf: amount, top: 1, days: 60}
        - {name: income, kind: column, column: income, description: yearly income, owner: bank, tags: [money, eu], timeToLiveDays: 30}
        - {name: customer_code, kind: column, column: code}
        - {name: member_days, kind: column, column: signup}
      """;

  private record Event(
      String entity,
      LocalDateTime time,
      double amount,
      @Nullable Double minutes,
      @Nullable String channel,
      boolean paid) {

    /** Midnights between the event and the cutoff. */
    double days() {
      return ChronoUnit.DAYS.between(time.toLocalDate(), CUTOFF.toLocalDate());
    }
  }

  @TempDir Path folder;

  private final List<Event> events = events(new Random(11));

  @Test
  void everyKindIsWhatASearchThroughTheEventsSays() throws Exception {
    ParquetTable table = ParquetTable.read(build(FILE, events));
    String[] keys = Objects.requireNonNull(table.texts("entity_key"));
    assertThat(keys).hasSize(ENTITIES);
    Map<String, ToDoubleFunction<List<Event>>> expected = expected();
    int present = 0;
    for (Map.Entry<String, ToDoubleFunction<List<Event>>> one : expected.entrySet()) {
      double[] values = table.numbers(one.getKey());
      for (int row = 0; row < ENTITIES; row++) {
        String key = String.valueOf(keys[row]);
        List<Event> own =
            events.stream()
                .filter(e -> e.entity().equals(key) && e.time().isBefore(CUTOFF))
                .toList();
        double reference = one.getValue().applyAsDouble(own);
        if (Double.isNaN(reference)) {
          assertThat(values[row]).as("%s of %s", one.getKey(), key).isNaN();
        } else {
          assertThat(values[row])
              .as("%s of %s", one.getKey(), key)
              .isCloseTo(reference, within(1e-9 * Math.max(1, Math.abs(reference))));
          present++;
        }
      }
    }
    assertThat(present).isGreaterThan(expected.size() * ENTITIES / 2);
    assertThat(table.numbers("income")).startsWith(1000, 1010);
    assertThat(table.texts("customer_code")).startsWith("X0", "X1");
    assertThat(table.numbers("member_days")[0]).isEqualTo(30);
  }

  @Test
  void noEventAtOrAfterTheCutoffCounts() throws Exception {
    byte[] before = Files.readAllBytes(build(FILE, events));
    List<Event> more = new ArrayList<>();
    for (Event event : events) {
      if (event.time().isBefore(CUTOFF)) {
        more.add(event);
      }
    }
    assertThat(more).hasSizeLessThan(events.size());
    assertThat(Files.readAllBytes(build(FILE, more))).isEqualTo(before);
    // Of a channel that would be the most frequent one.
    for (int i = 0; i < 300; i++) {
      more.add(new Event("e01", CUTOFF.plusSeconds(i), 1e6, 1e6, "later", true));
    }
    assertThat(Files.readAllBytes(build(FILE, more))).isEqualTo(before);
    more.add(new Event("e01", CUTOFF.minusSeconds(1), 1e6, 1e6, "later", true));
    assertThat(Files.readAllBytes(build(FILE, more))).isNotEqualTo(before);
  }

  @Test
  void saysWhatItReadsForWhomAndHowFarBack() throws Exception {
    Map<String, FeatureDefinition> definitions = new TreeMap<>();
    try (DuckDb database = database(events);
        ColumnReferences references = ColumnReferences.open()) {
      for (FeatureDefinition one : declared(database, FILE)) {
        definitions.put(one.name(), one);
        List<String> read =
            references.of(one.expression()).stream()
                .map(c -> c.replaceFirst("^d\\.", "entities.").replaceFirst("^e\\.", "events."))
                .toList();
        assertThat(read).as(one.name()).containsAll(one.sources());
      }
    }
    FeatureDefinition share = Objects.requireNonNull(definitions.get("spent_share"));
    assertThat(share.sources())
        .containsExactly("events.amount", "events.event_time", "entities.income");
    assertThat(share.windowDays()).isEqualTo(30);
    assertThat(share.declared())
        .isEqualTo(new FeatureDefinition.Origin("ratio", null, List.of(), null));
    assertThat(Objects.requireNonNull(definitions.get("orders_trend")).windowDays()).isEqualTo(40);
    assertThat(Objects.requireNonNull(definitions.get("orders")).windowDays()).isNull();
    assertThat(Objects.requireNonNull(definitions.get("spent_via_web")).sources())
        .containsExactly("events.channel", "events.amount");
    FeatureDefinition income = Objects.requireNonNull(definitions.get("income"));
    assertThat(income.description()).isEqualTo("yearly income");
    assertThat(income.declared())
        .isEqualTo(new FeatureDefinition.Origin("column", "bank", List.of("money", "eu"), 30));
  }

  @Test
  void aDerivedFeatureOfTheSameNameGivesWay() throws Exception {
    try (DuckDb database = database(events)) {
      FeatureBuilder builder = new FeatureBuilder(database, AS_OF.toString(), true);
      String file =
          """
          features:
            - {name: Recency_Days, kind: window, of: count, days: 1}
            - {name: via, kind: perCategory, column: channel, of: count, top: 1}
            - {name: via_web, kind: gap, of: mean}
          """;
      for (FeatureDefinition one : declared(database, file)) {
        builder.declare(one);
      }
      builder.history();
      List<String> names = builder.definitions().stream().map(FeatureDefinition::name).toList();
      assertThat(names)
          .startsWith("Recency_Days", "via_web", "via_web_2", "tenure_days")
          .doesNotContain("recency_days");
      builder.build();
      assertThat(database.count("features")).isEqualTo(ENTITIES);
    }
  }

  private static Map<String, ToDoubleFunction<List<Event>>> expected() {
    Map<String, ToDoubleFunction<List<Event>>> expected = new TreeMap<>();
    expected.put("orders", List::size);
    expected.put("orders_30", own -> last(own, 30).size());
    expected.put(
        "timed_30", own -> last(own, 30).stream().filter(e -> e.minutes() != null).count());
    expected.put("spent", DeclaredFeaturesTest::sum);
    expected.put("spent_30", own -> sum(last(own, 30)));
    expected.put("paid_30", own -> last(own, 30).stream().filter(Event::paid).count());
    expected.put("mean_45", own -> or(DoubleStream.of(minutes(last(own, 45))).average()));
    expected.put("least_45", own -> or(DoubleStream.of(minutes(last(own, 45))).min()));
    expected.put("most_45", own -> or(DoubleStream.of(minutes(last(own, 45))).max()));
    expected.put("spread_45", own -> deviation(minutes(last(own, 45))));
    expected.put(
        "channels_30",
        own ->
            last(own, 30).stream().map(Event::channel).filter(Objects::nonNull).distinct().count());
    expected.put("spent_each", DeclaredFeaturesTest::spentEach);
    expected.put(
        "spent_share",
        own -> own.isEmpty() ? Double.NaN : spentEach(own) / income(own.get(0).entity()));
    expected.put(
        "orders_trend", own -> (last(own, 20).size() + 1.0) / (earlier(own, 20).size() + 1.0));
    expected.put(
        "spent_trend",
        own -> {
          double earlier = sum(earlier(own, 20));
          return earlier == 0 ? Double.NaN : sum(last(own, 20)) / earlier;
        });
    expected.put("orders_change", own -> last(own, 20).size() - earlier(own, 20).size());
    expected.put("spent_change", own -> sum(last(own, 20)) - sum(earlier(own, 20)));
    expected.put("minutes_slope", DeclaredFeaturesTest::slope);
    expected.put("quiet", own -> or(own.stream().mapToDouble(Event::days).min()));
    expected.put(
        "pause",
        own ->
            (or(own.stream().mapToDouble(Event::days).max())
                    - or(own.stream().mapToDouble(Event::days).min()))
                / Math.max(1, own.size() - 1));
    expected.put("weekend", own -> share(own, e -> e.time().getDayOfWeek().getValue() > 5));
    expected.put(
        "spring", own -> share(own, e -> List.of(3, 4, 5).contains(e.time().getMonthValue())));
    expected.put(
        "night_60",
        own -> share(last(own, 60), e -> e.time().getHour() < 2 || e.time().getHour() > 21));
    // By how they are made, most events are of the web and fewer of the shop.
    for (String channel : List.of("web", "shop")) {
      expected.put("via_" + channel, own -> share(last(own, 60), e -> channel.equals(e.channel())));
      expected.put(
          "orders_via_" + channel,
          own -> own.stream().filter(e -> channel.equals(e.channel())).count());
    }
    expected.put(
        "spent_via_web",
        own -> sum(last(own, 60).stream().filter(e -> "web".equals(e.channel())).toList()));
    return expected;
  }

  private static List<Event> last(List<Event> own, int days) {
    return own.stream().filter(e -> e.days() <= days).toList();
  }

  private static List<Event> earlier(List<Event> own, int days) {
    return own.stream().filter(e -> e.days() > days && e.days() <= 2 * days).toList();
  }

  private static double sum(List<Event> own) {
    return own.stream().mapToDouble(Event::amount).sum();
  }

  private static double spentEach(List<Event> own) {
    List<Event> last = last(own, 30);
    return last.isEmpty() ? Double.NaN : sum(last) / last.size();
  }

  /** Those that are there; absurdly large ones are not. */
  private static double[] minutes(List<Event> own) {
    return own.stream()
        .map(Event::minutes)
        .filter(Objects::nonNull)
        .mapToDouble(Double::doubleValue)
        .filter(m -> m < 1e100)
        .toArray();
  }

  private static double deviation(double[] values) {
    double mean = DoubleStream.of(values).average().orElse(0);
    double squares = DoubleStream.of(values).map(v -> (v - mean) * (v - mean)).sum();
    return values.length < 2 ? Double.NaN : Math.sqrt(squares / (values.length - 1));
  }

  private static double slope(List<Event> own) {
    List<Event> timed =
        last(own, 60).stream().filter(e -> e.minutes() != null && e.minutes() < 1e100).toList();
    double meanDay = timed.stream().mapToDouble(Event::days).average().orElse(0);
    double meanMinutes = DoubleStream.of(minutes(timed)).average().orElse(0);
    double products = 0;
    double squares = 0;
    for (Event event : timed) {
      double ago = event.days() - meanDay;
      products -= ago * (Objects.requireNonNull(event.minutes()) - meanMinutes);
      squares += ago * ago;
    }
    return squares == 0 ? Double.NaN : products / squares;
  }

  private static double share(List<Event> own, Predicate<Event> in) {
    return own.isEmpty() ? Double.NaN : (double) own.stream().filter(in).count() / own.size();
  }

  private static double or(OptionalDouble value) {
    return value.orElse(Double.NaN);
  }

  private static double income(String entity) {
    return 1000 + 10 * Integer.parseInt(entity.substring(1));
  }

  /** Up to 15 events each from March on; some at the very cutoff and some after it. */
  private static List<Event> events(Random random) {
    List<Event> events = new ArrayList<>();
    for (int entity = 0; entity < ENTITIES; entity++) {
      String key = "e%02d".formatted(entity);
      int count = entity < 2 ? entity : random.nextInt(16);
      for (int i = 0; i < count; i++) {
        LocalDateTime time =
            CUTOFF.minusMinutes(1 + random.nextInt(120 * 24 * 60)).truncatedTo(ChronoUnit.HOURS);
        Double minutes =
            random.nextInt(5) == 0 ? null : Double.valueOf(random.nextInt(1000) / 16.0);
        int channel = random.nextInt(10);
        events.add(
            new Event(
                key,
                time,
                (random.nextInt(20000) - 2000) / 100.0,
                i == 3 && entity % 5 == 0 ? Double.valueOf(1e308) : minutes,
                channel < 5 ? "web" : channel < 8 ? "shop" : channel < 9 ? "it's \"odd\"" : null,
                random.nextBoolean()));
      }
      events.add(new Event(key, CUTOFF, 5000, 5000.0, "after", true));
      events.add(new Event(key, CUTOFF.plusHours(random.nextInt(500)), 50, 7.0, "after", true));
      events.add(new Event(key, CUTOFF.plusDays(1), 50, 7.0, "after", true));
    }
    return events;
  }

  private Path build(String file, List<Event> rows) throws Exception {
    Path table = folder.resolve("features-" + System.nanoTime() + ".parquet");
    try (DuckDb database = database(rows)) {
      FeatureBuilder builder = new FeatureBuilder(database, AS_OF.toString(), true);
      for (FeatureDefinition one : declared(database, file)) {
        builder.declare(one);
      }
      builder.build();
      database.writeParquet("SELECT * FROM features", table);
    }
    return table;
  }

  private static List<FeatureDefinition> declared(DuckDb database, String file) throws Exception {
    return new DeclaredFeatures(database, AS_OF.toString(), COLUMNS)
        .of(FeatureFile.read(file.getBytes(UTF_8), "features.yml", COLUMNS));
  }

  private DuckDb database(List<Event> rows) throws Exception {
    DuckDb database = DuckDb.open(folder);
    database.execute(
        "CREATE TABLE dataset AS SELECT printf('e%02d', i) AS entity_key, i % 2 AS label, false AS"
            + " holdout, i % 5 AS fold, 'basic' AS plan, 1000.0 + 10 * i AS income, 'X' || i AS code,"
            + " DATE '2025-05-31' AS signup FROM range("
            + ENTITIES
            + ") t(i)");
    database.execute(
        "CREATE TABLE events (entity_key VARCHAR, event_time TIMESTAMP, amount DECIMAL(18,4), minutes"
            + " DOUBLE, channel VARCHAR, paid BOOLEAN)");
    try (DuckDBAppender appender =
        database.connection().unwrap(DuckDBConnection.class).createAppender("main", "events")) {
      for (Event event : rows) {
        appender.beginRow();
        appender.append(event.entity());
        appender.append(event.time());
        appender.append(BigDecimal.valueOf(event.amount()).setScale(4));
        if (event.minutes() == null) {
          appender.appendNull();
        } else {
          appender.append(event.minutes().doubleValue());
        }
        appender.append(event.channel());
        appender.append(event.paid());
        appender.endRow();
      }
    }
    return database;
  }
}
