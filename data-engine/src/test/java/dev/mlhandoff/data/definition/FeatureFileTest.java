package dev.mlhandoff.data.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.definition.DeclaredFeature.Aggregate;
import dev.mlhandoff.data.definition.DeclaredFeature.PerCategory;
import dev.mlhandoff.data.definition.DeclaredFeature.Seasonality;
import dev.mlhandoff.data.definition.DeclaredFeature.Window;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a file of features may say, and what is said of one that says something else. */
class FeatureFileTest {

  private static final DatasetColumns COLUMNS =
      new DatasetColumns(
          List.of(
              new ColumnInfo("age", "BIGINT"),
              new ColumnInfo("plan", "VARCHAR"),
              new ColumnInfo("signup", "DATE")),
          true,
          List.of(
              new ColumnInfo("event_time", "TIMESTAMP"),
              new ColumnInfo("amount", "DECIMAL(18,4)"),
              new ColumnInfo("channel", "VARCHAR")),
          Map.of(
              "churned", "the target churned",
              "gender", "a protected attribute",
              "email", "personal data"));

  private static final DatasetColumns WITHOUT_EVENTS =
      new DatasetColumns(COLUMNS.entities(), false, List.of(), COLUMNS.hidden());

  @Test
  void readsWhatIsSaidAndFillsWhatIsLeftOut() throws Exception {
    FeatureFile file =
        read(
            """
            derived: false
            features:
              - {name: spent, kind: window, of: standardDeviation, column: amount, days: 90, owner: sales, tags: [money]}
              - {name: nights, kind: seasonality, hours: [22, 23, 0]}
              - {name: via, kind: perCategory, column: channel}
              - {name: orders, kind: window, of: count}
              - {name: each, kind: ratio, numerator: spent, denominator: orders}
            """);
    assertThat(file.derived()).isFalse();
    assertThat(file.features()).hasSize(5);
    Window spent = (Window) file.features().get(0);
    assertThat(spent.of()).isEqualTo(Aggregate.STANDARD_DEVIATION);
    assertThat(spent.days()).isEqualTo(90);
    assertThat(spent.declaration().owner()).isEqualTo("sales");
    assertThat(spent.declaration().tags()).containsExactly("money");
    assertThat(((Seasonality) file.features().get(1)).values()).containsExactly(22, 23, 0);
    assertThat(((PerCategory) file.features().get(2)).top()).isEqualTo(8);
    assertThat(((Window) file.features().get(3)).column()).isNull();
    assertThat(read("features: [{name: a, kind: column, column: age}]").derived()).isTrue();
  }

  @Test
  void readsTheExampleOfItsDocumentation() throws Exception {
    String page = Files.readString(Path.of("..", "docs", "features.md"));
    String example =
        page.substring(page.indexOf("```yaml") + 7, page.indexOf("```\n\n| kind | properties"));

    assertThat(read(example).features())
        .extracting(feature -> feature.declaration().kind())
        .containsOnly("window", "ratio", "trend", "gap", "seasonality", "perCategory", "column");
  }

  @Test
  void reportsEverythingThatIsWrongAtOnceWithItsPlace() {
    assertThat(
            refused(
                """
                derived: perhaps
                features:
                  - {name: a, kind: window, of: sum, column: amuont}
                  - name: a
                    kind: window
                    of: mean
                    column: channel
                    days: -7
                  - {name: b, kind: ratio, numerator: a, denominator: nothing}
                """,
                COLUMNS))
        .contains("features.yml, line 1, /derived: derived is true or false")
        .contains(
            "line 3, /features/0/column: the events have no column amuont, only [event_time,"
                + " amount, channel]")
        .contains("line 4, /features/1/name: a is the name of /features/0")
        .contains("line 8, /features/1/days: days is a whole number from 1 to 36500")
        .contains("line 9, /features/2/denominator: the file declares no feature nothing")
        // What is of the wrong type is only judged where the definition is well-formed.
        .doesNotContain("channel is VARCHAR");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kind: window, of: mean, column: channel | /0/column: channel is VARCHAR, and this needs numbers",
        "kind: window, of: sum, column: event_time | /0/column: event_time is TIMESTAMP",
        "kind: window, of: sum | /0: column is missing",
        "kind: window, of: median, column: amount | /0/of: of is one of count, sum, mean, min, max,"
            + " standardDeviation, distinct, not median",
        "kind: window, of: count, days: 0 | /0/days: days is a whole number",
        "kind: window, of: count, days: 1.5 | /0/days: days is a whole number",
        "kind: window, of: count, days: 99999999999 | /0/days: days is a whole number",
        "kind: window, of: count, where: x > 1 | /0/where: where is not known here",
        "kind: sql, of: count | /0/kind: kind is one of window",
        "kind: column, column: churned | /0/column: churned is the target churned and can be no feature",
        "kind: column, column: gender | /0/column: gender is a protected attribute",
        "kind: window, of: distinct, column: email | /0/column: email is personal data",
        "kind: column, column: label | /0/column: the entities have no column label",
        "kind: trend, of: ratio | /0: days is missing",
        "kind: trend, of: slope, days: 7 | /0: column is missing",
        "kind: trend, of: difference, column: channel, days: 7 | /0/column: channel is VARCHAR",
        "kind: gap | /0: of is missing",
        "kind: seasonality | /0: seasonality has exactly one of weekdays, months, hours",
        "kind: seasonality, hours: [24] | /0/hours: hours is a whole number from 0 to 23",
        "kind: seasonality, hours: [1], months: [1] | /0: seasonality has exactly one of",
        "kind: seasonality, weekdays: [] | /0/weekdays: weekdays is a list",
        "kind: perCategory, column: channel, top: 51 | /0/top: top is a whole number from 1 to 50",
        "kind: perCategory, column: channel, of: sum | /0: sumOf is missing",
        "kind: perCategory, column: channel, of: sum, sumOf: channel | /0/sumOf: channel is VARCHAR",
        "kind: perCategory, column: channel, sumOf: amount | /0/sumOf: sumOf is not known here",
        "kind: ratio, numerator: x, denominator: x | /0: x is a ratio of ratios more than 4 deep, or of"
            + " itself",
      })
  void saysWhatIsWrongWithADefinition(String definition, String problem) {
    assertThat(refused("features: [{name: x, " + definition + "}]", COLUMNS))
        .contains("features.yml, line 1, /features" + problem);
  }

  @ParameterizedTest
  @CsvSource({
    "LABEL, LABEL is reserved",
    "known_time, known_time is reserved",
    "gender, gender is the name of a protected attribute",
    "9lives, a name has up to 63 letters",
    "a b, a name has up to 63 letters",
  })
  void refusesNamesThatAreNotFree(String name, String problem) {
    assertThat(refused("features: [{name: " + name + ", kind: column, column: age}]", COLUMNS))
        .contains("/features/0/name: " + problem);
  }

  @Test
  void findsRatiosThatComeBackToThemselvesAndOperandsThatAreNoNumber() {
    String ratios =
        """
        features:
          - {name: a, kind: ratio, numerator: b, denominator: age}
          - {name: b, kind: ratio, numerator: age, denominator: a}
          - {name: age, kind: column, column: age}
          - {name: plan, kind: column, column: plan}
          - {name: via, kind: perCategory, column: channel}
          - {name: c, kind: ratio, numerator: plan, denominator: via}
        """;
    assertThat(refused(ratios, COLUMNS))
        .contains("/features/0: a is a ratio of ratios more than 4 deep, or of itself")
        .contains("/features/1: b is a ratio of ratios more than 4 deep, or of itself")
        .contains("/features/5/numerator: plan is a text")
        .contains("/features/5/denominator: via is a feature for each category");
  }

  @Test
  void takesRatiosFourDeepAndNoDeeper() throws Exception {
    String four =
        """
        features:
          - {name: r0, kind: column, column: age}
          - {name: r1, kind: ratio, numerator: r0, denominator: r0}
          - {name: r2, kind: ratio, numerator: r1, denominator: r1}
          - {name: r3, kind: ratio, numerator: r2, denominator: r0}
          - {name: r4, kind: ratio, numerator: r0, denominator: r3}
        """;
    assertThat(read(four).features()).hasSize(5);
    assertThat(
            refused(four + "  - {name: r5, kind: ratio, numerator: r4, denominator: r0}", COLUMNS))
        .isEqualTo(
            "features.yml, line 7, /features/5: r5 is a ratio of ratios more than 4 deep, or of"
                + " itself");
  }

  @Test
  void needsEventsForWhatIsOfEvents() {
    assertThat(refused("features: [{name: x, kind: window, of: count}]", WITHOUT_EVENTS))
        .contains("/features/0/kind: the dataset has no events");
    assertThat(refused("features: [{name: x, kind: column, column: signup}]", WITHOUT_EVENTS))
        .contains("/features/0/column: signup is a date, and there is no as-of date");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "features: [ | no YAML",
        "'features: [{name: a, name: b}]' | no YAML",
        "[1, 2] | there is no list of features",
        "'' | there is no list of features",
        "features: 1 | there is no list of features",
        "features: [1] | a feature is a mapping",
        "'{features: [{name: a, kind: column, column: age}], more: 1}' | /more: more is not known here",
        "'features: [{kind: column, column: age}]' | name is missing",
        "'features: [{name: 1, kind: column, column: age}]' | name is a text",
        "'features: [{name: a, kind: column, column: age, tags: [1]}]' | tags is a list of texts",
      })
  void saysWhatIsNoFileOfFeatures(String content, String problem) {
    assertThat(refused(content, COLUMNS)).startsWith("features.yml, line ").contains(problem);
  }

  private static FeatureFile read(String content) throws InvalidFeatureFileException {
    return FeatureFile.read(content.getBytes(StandardCharsets.UTF_8), "features.yml", COLUMNS);
  }

  private static String refused(String content, DatasetColumns columns) {
    return String.valueOf(
        catchThrowableOfType(
                InvalidFeatureFileException.class,
                () ->
                    FeatureFile.read(
                        content.getBytes(StandardCharsets.UTF_8), "features.yml", columns))
            .getMessage());
  }
}
