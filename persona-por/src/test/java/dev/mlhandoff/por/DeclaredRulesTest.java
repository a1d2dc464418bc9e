package dev.mlhandoff.por;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.catalog.Dataset;
import dev.mlhandoff.data.catalog.DatasetCatalog;
import dev.mlhandoff.por.pipeline.CheckResult;
import dev.mlhandoff.por.pipeline.DataPipeline;
import dev.mlhandoff.por.pipeline.OutlierFence;
import dev.mlhandoff.por.pipeline.QualityChecks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Ranges, checks and outliers over 100 members with one visit each; member 100 is 900 years old.
 */
class DeclaredRulesTest {

  private static final String CATALOG =
      """
      datasets:
        club:
          entities: {file: members.csv}
          events: {file: visits.csv}
          entityKey: id
          eventTime: at
          amount: paid
          asOf: 2025-09-30
          pii: [phone]
          targets:
            left: {column: left, positive: 'Yes'}
      """;

  @TempDir Path folder;

  @BeforeEach
  void write() throws Exception {
    StringBuilder members = new StringBuilder("id,phone,age,grade,left\n");
    StringBuilder visits = new StringBuilder("id,at,paid\n");
    for (int i = 1; i <= 100; i++) {
      members.append(
          "%d,%d,%d,%s,%s%n"
              .formatted(
                  i,
                  i == 2 ? 1 : i,
                  i == 100 ? 900 : 20 + i % 50,
                  i % 4 == 0 ? "?" : i % 4 == 1 ? "None" : "A",
                  i % 4 == 0 ? "Yes" : "No"));
      visits.append("%d,2025-08-%02d,%s%n".formatted(i, 1 + i % 20, i == 7 ? "5000" : 10 + i % 3));
    }
    Files.writeString(folder.resolve("members.csv"), members);
    Files.writeString(folder.resolve("visits.csv"), visits + "X,2025-08-01,10\n");
  }

  @Test
  void changesNoOutlierThatNoRuleNames() throws Exception {
    try (PipelineBench bench = new PipelineBench(folder)) {
      bench.run(CATALOG, "club", "left");

      assertThat(bench.database().number("SELECT max(age) FROM dataset")).isEqualTo(900);
      assertThat(
              bench
                  .database()
                  .texts(
                      "SELECT source || ' ' || column_name || ' ' || entity_key || ' ' || value FROM"
                          + " outlier_flags"))
          .containsExactly("entities age 100 900.0", "events amount 7 5000.0");
    }
  }

  @Test
  void learnsTheFencesFromTheTrainingPartAlone() throws Exception {
    List<OutlierFence> before;
    String heldOut;
    try (PipelineBench bench = new PipelineBench(folder)) {
      before = bench.run(CATALOG, "club", "left").outlierFences();
      heldOut =
          bench
              .database()
              .texts("SELECT entity_key FROM dataset WHERE holdout AND entity_key <> '7' LIMIT 1")
              .get(0);
    }
    Path members = folder.resolve("members.csv");
    Path visits = folder.resolve("visits.csv");
    Files.writeString(
        members,
        Files.readString(members).replaceAll("(?m)^(" + heldOut + ",\\d+),\\d+", "$1,100000"));
    Files.writeString(
        visits, Files.readString(visits).replaceAll("(?m)^(" + heldOut + ",.*),\\d+", "$1,100000"));
    try (PipelineBench bench = new PipelineBench(folder)) {
      assertThat(bench.run(CATALOG, "club", "left").outlierFences())
          .extracting(OutlierFence::column, OutlierFence::lower, OutlierFence::upper)
          .containsExactlyElementsOf(
              before.stream().map(f -> tuple(f.column(), f.lower(), f.upper())).toList());
      // Both fences hold the changed member's values for outliers.
      assertThat(bench.database().number("SELECT count(*) FROM outlier_flags WHERE value = 100000"))
          .isEqualTo(2);
    }
  }

  @ParameterizedTest
  @CsvSource({"MISSING, 99, 0", "CAP, 100, 110", "QUARANTINE, 99, 0"})
  void doesOutsideARangeWhatTheRuleSays(String outside, long filled, long age) throws Exception {
    String rule = "ranges: [{on: entities, column: age, max: 110, outside: " + outside + "}]";
    try (PipelineBench bench = new PipelineBench(folder)) {
      DataPipeline pipeline =
          bench.run(CATALOG.replace("pii:", rule + "\n    pii:"), "club", "left");
      DuckDb database = bench.database();

      assertThat(database.number("SELECT count(age) FROM dataset")).isEqualTo(filled);
      assertThat(database.number("SELECT max(age) FROM dataset WHERE entity_key = '100'"))
          .isEqualTo(age);
      assertThat(database.texts("SELECT reason FROM quarantine WHERE source = 'entities'"))
          .isEqualTo(outside.equals("QUARANTINE") ? List.of("OUT_OF_RANGE") : List.of());
      assertThat(pipeline.lineage())
          .filteredOn(column -> column.column().equals("entities.age"))
          .singleElement()
          .satisfies(c -> assertThat(c.rule()).contains("any to 110.0: " + outside));
    }
  }

  @Test
  void putsEventsOutOfRangeAside() throws Exception {
    String rule = "ranges: [{on: events, column: paid, max: 1000, outside: QUARANTINE}]";
    try (PipelineBench bench = new PipelineBench(folder)) {
      bench.run(CATALOG.replace("pii:", rule + "\n    pii:"), "club", "left");

      assertThat(bench.database().texts("SELECT reason FROM quarantine"))
          .containsExactly("OUT_OF_RANGE", "UNKNOWN_ENTITY");
    }
  }

  @Test
  void readsTheUsualMarksAsMissing() throws Exception {
    try (PipelineBench bench = new PipelineBench(folder)) {
      bench.run(CATALOG, "club", "left");

      assertThat(bench.database().number("SELECT count(grade) FROM dataset")).isEqualTo(50);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "on: entities, minRows: 100 | true | 100 rows",
        "on: entities, minRows: 101 | false | 100 rows",
        "on: events, maxRows: 100 | false | 101 rows",
        "on: events, maxAgeDays: 42 | true | newest event 2025-08-20 00:00:00.0",
        "on: events, maxAgeDays: 41 | false | newest event 2025-08-20 00:00:00.0",
        "on: events, minOverlap: 0.99 | true | 100 of 101",
        "on: events, minOverlap: 0.995 | false | 100 of 101",
        "on: entities, minOverlap: 1 | true | 100 of 100",
        "on: label, min: 0.2, max: 0.3 | true | 0.2500",
        "on: label, min: 0.3 | false | 0.2500",
        "on: entities, column: grade, maxMissing: 0.5 | true | 0.5000 missing",
        "on: entities, column: grade, maxMissing: 0.4 | false | 0.5000 missing",
        "on: entities, column: phone, unique: true | false | 1 repetitions",
        "on: entities, column: age, max: 110 | false | 1 outside",
        "on: entities, column: grade, values: [A] | true | 0 others",
        "on: entities, column: grade, values: [B] | false | 50 others",
        "on: entities, column: age, type: NUMBER | true | NUMBER",
        "on: events, column: event_time, type: TEXT | false | TIME",
        "on: events, column: colour, maxMissing: 1 | false | no such column"
      })
  void checksWhatIsDeclared(String check, boolean passed, String observed) throws Exception {
    String catalog = CATALOG.replace("pii:", "checks: [{" + check + ", severity: WARN}]\n    pii:");
    try (PipelineBench bench = new PipelineBench(folder)) {
      bench.run(catalog, "club", "left");
      Dataset club = DatasetCatalog.read(folder.resolve("catalog.yml")).find("club").orElseThrow();
      List<CheckResult> results = QualityChecks.run(bench.database(), club);

      CheckResult declared = results.get(results.size() - 1);
      assertThat(declared.passed()).isEqualTo(passed);
      assertThat(declared.observed()).isEqualTo(observed);
      assertThat(declared.severity()).isEqualTo("WARN");
      assertThat(results).hasSize(8);
    }
  }
}
