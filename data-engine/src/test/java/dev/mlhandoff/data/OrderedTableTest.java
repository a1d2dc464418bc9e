package dev.mlhandoff.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderedTableTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 47})
  void isTheQueryInTheOrderOfTheKey(int columns) throws Exception {
    String more =
        IntStream.range(0, columns)
            .mapToObj(
                c ->
                    ", CASE WHEN hash(i, %d) %% 9 > 0 THEN hash(i, %d) END AS c%d"
                        .formatted(c, c, c))
            .collect(Collectors.joining());
    try (DuckDb database = DuckDb.open(folder)) {
      database.execute(
          "CREATE TABLE source AS SELECT 'k' || i * 7919 %% 5000 AS key%s FROM range(5000) r(i)"
              .formatted(more));
      OrderedTable.create(database, "ordered", "SELECT * FROM source", "key");

      assertThat(database.columns("ordered")).isEqualTo(database.columns("source"));
      assertThat(
              database.number(
                  "SELECT count(*) FROM (SELECT * FROM ordered) o POSITIONAL JOIN (SELECT * FROM"
                      + " source ORDER BY key) s WHERE o IS DISTINCT FROM s"))
          .isZero();
      assertThat(database.count("ordered")).isEqualTo(5000);
      assertThat(database.texts("SELECT table_name FROM duckdb_tables() ORDER BY 1"))
          .containsExactly("ordered", "source");
    }
  }

  @Test
  void sortsMoreThanTheEngineMayHold() throws Exception {
    String more =
        IntStream.range(0, 60)
            .mapToObj(c -> ", 'a text that is not inlined ' || hash(i, %d) AS c%d".formatted(c, c))
            .collect(Collectors.joining());
    try (DuckDb database = DuckDb.open(folder)) {
      database.execute("SET memory_limit = '100MB'");
      OrderedTable.create(
          database,
          "ordered",
          "SELECT hash(i) AS key%s FROM range(60000) r(i)".formatted(more),
          "key");
      assertThat(database.count("ordered")).isEqualTo(60_000);
    }
  }
}
