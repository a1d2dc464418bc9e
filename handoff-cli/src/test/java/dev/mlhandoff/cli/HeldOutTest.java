package dev.mlhandoff.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.mlhandoff.cli.traffic.Case;
import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.ParquetTable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldOutTest {

  /** As feature engineering writes it: who is held out has no label here. */
  private static final String FEATURES =
      """
      SELECT * FROM (VALUES ('a', 0, 1, 1.5, 'web'), ('b', 1, NULL, 2.5, 'shop'),
          ('c', 1, NULL, NULL, NULL), ('d', 1, NULL, 4.5, 'web'))
          t(entity_key, holdout, label, spend, channel)
      """;

  private static final String ANSWERS =
      "SELECT * FROM (VALUES ('d', 1), ('c', 1), ('b', 0)) t(entity_key, label)";

  @TempDir private Path folder;

  @Test
  void outcomesAreThoseThatWereHeldBackFromTraining() throws Exception {
    assertThat(
            HeldOut.cases(
                table("features", FEATURES),
                table("answers", ANSWERS),
                List.of("spend", "channel")))
        .extracting(
            Case::entity,
            Case::outcome,
            one -> one.features().get("spend"),
            one -> one.features().get("channel"))
        .containsExactly(
            tuple("b", false, 2.5, "shop"),
            tuple("c", true, null, null),
            tuple("d", true, 4.5, "web"));
  }

  @Test
  void whoHasNoLabelIsNotTakenForANo() throws Exception {
    ParquetTable features = table("features", FEATURES);
    ParquetTable answers = table("answers", ANSWERS + " WHERE entity_key <> 'c'");

    assertThatThrownBy(() -> HeldOut.cases(features, answers, List.of("spend")))
        .isInstanceOf(IOException.class)
        .hasMessage("entity c was held out, but has no label");
  }

  private ParquetTable table(String name, String query) throws SQLException {
    Path file = folder.resolve(name + ".parquet");
    try (DuckDb database = DuckDb.open(folder)) {
      database.writeParquet(query, file);
    }
    return ParquetTable.read(file);
  }
}
