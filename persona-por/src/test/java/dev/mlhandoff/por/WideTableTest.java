package dev.mlhandoff.por;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.data.DuckDb;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two hundred columns go through an engine that has little memory. */
class WideTableTest {

  private static final String CATALOG =
      """
      datasets:
        wide:
          entities: {file: wide.parquet}
          entityKey: id
          targets:
            bought: {column: bought, positive: '1'}
      """;

  @TempDir Path folder;

  @Test
  void needsNoMemoryForAllColumnsAtOnce() throws Exception {
    try (PipelineBench bench = new PipelineBench(folder)) {
      DuckDb database = bench.database();
      database.writeParquet(
          "SELECT 'k' || hash(i) AS id, i % 3 = 0 AS bought"
              + columns(", CASE WHEN hash(i, %1$d) %% 9 > 0 THEN hash(i, %1$d) END AS n%1$d")
              + columns(
                  ", CASE WHEN hash(i, %1$d) %% 9 > 0 THEN 'c' || hash(i, %1$d) ELSE '?' END AS w%1$d")
              + " FROM (SELECT least(range, 5997) AS i FROM range(6000))",
          folder.resolve("wide.parquet"));
      // The 200 columns are 15 MB; with each step keeping all of them this takes ten times as much.
      database.execute("SET memory_limit = '150MB'");
      bench.run(CATALOG.replace("'1'", "'true'"), "wide", "bought");

      assertThat(database.count("dataset")).isEqualTo(5998);
      assertThat(database.columns("dataset")).hasSize(1 + 198 + 3);
      assertThat(database.texts("SELECT DISTINCT reason FROM quarantine"))
          .containsExactly("DUPLICATE_ENTITY");
      assertThat(database.count("quarantine")).isEqualTo(2);
      assertThat(database.number("SELECT count(*) FROM dataset WHERE w7 IS NULL")).isPositive();
    }
  }

  private static String columns(String each) {
    return IntStream.range(0, 99).mapToObj(each::formatted).collect(Collectors.joining());
  }
}
