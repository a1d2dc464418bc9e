package dev.mlhandoff.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredColumnsTest {

  @TempDir Path folder;

  @Test
  void readsEachColumnInTheOrderOfTheRows() throws Exception {
    try (DuckDb database = DuckDb.open(folder)) {
      database.execute(
          "CREATE TABLE t AS SELECT CASE WHEN i % 3 > 0 THEN i END AS n, i % 2 = 0 AS even, CASE"
              + " WHEN i % 5 > 0 THEN 'w' || i % 7 END AS word FROM range(5000) r(i)");
      StoredColumns columns = new StoredColumns(database, "t");
      double[] numbers = columns.numbers("n");
      double[] even = columns.numbers("even");
      @Nullable String[] words = columns.texts("word");
      assertThat(columns.rows()).isEqualTo(5000);
      for (int i = 0; i < 5000; i++) {
        assertThat(numbers[i]).isEqualTo(Double.valueOf(i % 3 > 0 ? i : Double.NaN));
        assertThat(even[i]).isEqualTo(i % 2 == 0 ? 1 : 0);
        assertThat(words[i]).isEqualTo(i % 5 > 0 ? "w" + i % 7 : null);
      }
      assertThat(words[1]).isSameAs(words[8]);
    }
  }
}
