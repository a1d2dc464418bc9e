package dev.mlhandoff.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ColumnReferencesTest {

  @Test
  void findsWhatAnExpressionReadsHoweverDeepItStands() throws Exception {
    try (ColumnReferences references = ColumnReferences.open()) {
      assertThat(
              references.of(
                  "coalesce(sum(e.amount) FILTER (WHERE date_diff('day', e.event_time, (DATE"
                      + " '2026-01-01' + INTERVAL 1 DAY)) <= 30), 0)::DOUBLE"))
          .containsExactly("e.amount", "e.event_time");
      assertThat(references.of("CASE WHEN isfinite(TRY_CAST(d.\"a b\" AS DOUBLE)) THEN c END"))
          .containsExactly("c", "d.a b");
      assertThat(references.of("'d.x'")).isEmpty();
    }
  }

  @Test
  void refusesWhatIsNoExpression() throws Exception {
    try (ColumnReferences references = ColumnReferences.open()) {
      assertThatThrownBy(() -> references.of("sum(("))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("sum((");
    }
  }
}
