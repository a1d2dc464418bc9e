package dev.mlhandoff.ior.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.mlhandoff.ior.serving.DeviationPolicy.Action;
import dev.mlhandoff.ior.serving.RecordValidator.Findings;
import dev.mlhandoff.ior.serving.RecordValidator.Violation;
import dev.mlhandoff.ml.bundle.ObservedColumn;
import dev.mlhandoff.ml.table.Kind;
import dev.mlhandoff.ml.table.RawColumn;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordValidatorTest {

  private static final List<RawColumn> SCHEMA =
      List.of(
          new RawColumn("recency_days", Kind.NUMERIC),
          new RawColumn("monetary", Kind.NUMERIC),
          new RawColumn("country", Kind.CATEGORICAL));

  @Test
  void acceptsAFullRecord() {
    assertThat(violations(Map.of("recency_days", 12, "monetary", 9.5, "country", "SE"))).isEmpty();
  }

  @Test
  void acceptsMissingValuesWhetherLeftOutOrNull() {
    Map<String, @Nullable Object> record = new LinkedHashMap<>();
    record.put("recency_days", null);
    record.put("country", null);
    assertThat(violations(record)).isEmpty();
    assertThat(violations(Map.of())).isEmpty();
  }

  @Test
  void acceptsACategoryThatTrainingNeverSaw() {
    assertThat(violations(Map.of("country", "Atlantis"))).isEmpty();
  }

  @Test
  void reportsEveryBrokenRuleAtOnce() {
    Map<String, @Nullable Object> record = new LinkedHashMap<>();
    record.put("recency_days", "twelve");
    record.put("monetary", Double.POSITIVE_INFINITY);
    record.put("country", 46);
    record.put("contry", "SE");
    assertThat(violations(record))
        .extracting(Violation::field, Violation::rule)
        .containsExactly(
            tuple("recency_days", "type"),
            tuple("monetary", "finite"),
            tuple("country", "type"),
            tuple("contry", "unknown"));
  }

  @Test
  void refusesNumbersThatAreNotFinite() {
    for (double value :
        new double[] {Double.NaN, Double.NEGATIVE_INFINITY, Double.parseDouble("1e999")}) {
      assertThat(violations(Map.of("monetary", value)))
          .extracting(Violation::rule)
          .containsExactly("finite");
    }
  }

  @Test
  void refusesNestedValues() {
    assertThat(violations(Map.of("monetary", List.of(1), "country", Map.of("code", "SE"))))
        .extracting(Violation::rule)
        .containsOnly("type")
        .hasSize(2);
  }

  private static List<Violation> violations(Map<String, ? extends @Nullable Object> record) {
    return new RecordValidator(SCHEMA, List.of(), DeviationPolicy.LENIENT)
        .check(record)
        .violations();
  }

  @Test
  void whatTrainingNeverSawIsWarnedOfOrRefused() {
    List<ObservedColumn> observed =
        List.of(
            new ObservedColumn("recency_days", 0, 0.0, 90.0, null),
            new ObservedColumn("country", 3, null, null, new TreeSet<>(Set.of("SE", "NO"))));
    Map<String, Object> record = Map.of("recency_days", 91, "country", "Atlantis", "monetary", 1e9);
    Findings lenient = new RecordValidator(SCHEMA, observed, DeviationPolicy.LENIENT).check(record);
    assertThat(lenient.violations()).isEmpty();
    assertThat(lenient.warnings())
        .extracting(Violation::rule)
        .containsExactlyInAnyOrder("range", "category");
    Findings strict =
        new RecordValidator(
                SCHEMA, observed, new DeviationPolicy(Action.REFUSE, Action.REFUSE, Action.REFUSE))
            .check(record);
    assertThat(strict.warnings()).isEmpty();
    assertThat(strict.violations()).containsExactlyInAnyOrderElementsOf(lenient.warnings());
    for (double edge : new double[] {0, 90}) {
      assertThat(
              new RecordValidator(SCHEMA, observed, DeviationPolicy.LENIENT)
                  .check(Map.of("recency_days", edge))
                  .warnings())
          .isEmpty();
    }
    assertThat(
            new RecordValidator(SCHEMA, observed, DeviationPolicy.LENIENT)
                .check(Map.of("country", "SE"))
                .warnings())
        .as("a country may be missing, as it was; the days never were")
        .containsExactly(new Violation("recency_days", "missing", "training never saw it missing"));
  }
}
