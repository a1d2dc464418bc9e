package dev.mlhandoff.card;

import dev.mlhandoff.card.lineage.LineageDataset.Column;
import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.runtime.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Columns of a Parquet artifact with their types, missing values and ranges, read by the engine.
 */
record TableStatistics(long rows, List<Column> columns) {

  static TableStatistics of(ArtifactStore store, ArtifactRef ref)
      throws IOException, RejectionException, SQLException {
    try (TemporaryFolder folder = TemporaryFolder.create("lineage");
        DuckDb database = DuckDb.open(folder.path())) {
      Path file = folder.resolve("table.parquet");
      store.fetch(ref, file);
      database.execute(
          "CREATE VIEW input AS SELECT * FROM read_parquet(" + DuckDb.text(file.toString()) + ")");
      return of(database);
    }
  }

  private static TableStatistics of(DuckDb database) throws SQLException {
    List<ColumnInfo> columns = database.columns("input");
    StringBuilder query = new StringBuilder("SELECT count(*)");
    for (ColumnInfo column : columns) {
      String name = DuckDb.name(column.name());
      String number = column.isNumeric() ? "CAST(%s AS DOUBLE)".formatted(name) : "NULL";
      query.append(", count(*) - count(%s), min(%s), max(%s)".formatted(name, number, number));
    }
    try (Statement statement = database.connection().createStatement();
        ResultSet row = statement.executeQuery(query.append(" FROM input").toString())) {
      row.next();
      List<Column> described = new ArrayList<>();
      int at = 2;
      for (ColumnInfo column : columns) {
        described.add(
            new Column(
                column.name(),
                column.type(),
                row.getLong(at),
                number(row, at + 1),
                number(row, at + 2)));
        at += 3;
      }
      return new TableStatistics(row.getLong(1), described);
    }
  }

  /** Null for what is missing, and for what JSON has no number for. */
  private static @Nullable Double number(ResultSet row, int index) throws SQLException {
    double value = row.getDouble(index);
    return row.wasNull() || !Double.isFinite(value) ? null : (Double) value;
  }
}
