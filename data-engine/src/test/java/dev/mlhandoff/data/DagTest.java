package dev.mlhandoff.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DagTest {

  @TempDir Path folder;

  @Test
  void writesDownWhatItRanWithRowCounts() throws Exception {
    List<String> steps = new ArrayList<>();
    try (DuckDb database = DuckDb.open(folder)) {
      Dag dag = new Dag(database, steps::add);
      database.execute("CREATE TABLE raw AS SELECT range AS n FROM range(10)");
      dag.source("raw", "ten numbers");
      dag.table("even", "even ones", List.of("raw"), "SELECT n FROM raw WHERE n % 2 = 0");

      assertThat(steps).containsExactly("even");
      assertThat(dag.nodes())
          .extracting(Dag.Node::name, Dag.Node::rowsIn, Dag.Node::rowsOut)
          .containsExactly(tuple("raw", List.of(), 10L), tuple("even", List.of(10L), 5L));
      assertThat(dag.mermaid())
          .startsWith("flowchart LR")
          .contains("even[\"even<br/>5 rows\"]", "raw --> even");
    }
  }

  @Test
  void doesNotListAStepThatFailed() throws Exception {
    try (DuckDb database = DuckDb.open(folder)) {
      Dag dag = new Dag(database, step -> {});

      assertThatThrownBy(() -> dag.table("bad", "", List.of(), "SELECT nothing"))
          .isInstanceOf(SQLException.class);
      assertThat(dag.nodes()).isEmpty();
      // The connection survives.
      assertThat(database.number("SELECT 7")).isEqualTo(7);
    }
  }
}
