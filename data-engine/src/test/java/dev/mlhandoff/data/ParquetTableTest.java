package dev.mlhandoff.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetTableTest {

  private static final String ROWS =
      "SELECT * FROM (VALUES ('a', 1.5::DECIMAL(18,4), true, DATE '2025-01-02'), ('b''c', NULL,"
          + " NULL, NULL)) t(\"the \"\"key\"\"\", amount, flag, day)";

  @TempDir Path folder;

  @Test
  void readsNumbersTruthValuesAndTextsWithTheirGaps() throws Exception {
    Path file = folder.resolve("rows.parquet");
    try (DuckDb database = DuckDb.open(folder)) {
      database.writeParquet(ROWS, file);
    }
    ParquetTable table = ParquetTable.read(file);

    assertThat(table.rows()).isEqualTo(2);
    assertThat(table.texts("the \"key\"")).containsExactly("a", "b'c");
    assertThat(table.numbers("amount")).containsExactly(1.5, Double.NaN);
    assertThat(table.numbers("flag")).containsExactly(1.0, Double.NaN);
    assertThat(table.texts("day")).containsExactly("2025-01-02", null);
    assertThat(table.has("other")).isFalse();
    assertThatThrownBy(() -> table.numbers("day"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("day");
  }

  @Test
  void writesEqualRowsAsEqualBytes() throws Exception {
    Path first = folder.resolve("first.parquet");
    Path second = folder.resolve("second.parquet");
    for (Path file : new Path[] {first, second}) {
      try (DuckDb database = DuckDb.open(folder)) {
        database.writeParquet(ROWS, file);
      }
    }
    assertThat(first).hasSameBinaryContentAs(second);
  }

  @Test
  void refusesAFileThatIsNotParquet() throws Exception {
    Path file = Files.writeString(folder.resolve("rows.parquet"), "no Parquet at all");

    assertThatThrownBy(() -> ParquetTable.read(file)).isInstanceOf(SQLException.class);
  }
}
