package dev.mlhandoff.ior.batch;

import dev.mlhandoff.data.DuckDb;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** Predictions as Parquet; the same ones give the same bytes. */
public final class PredictionsFile {

  private PredictionsFile() {}

  /** Writes them in their order. */
  public static void write(List<BatchPrediction> predictions, Path file) throws SQLException {
    try (DuckDb database = open(file)) {
      database.execute(
          "CREATE TABLE predictions (entity_key VARCHAR, probability DOUBLE, decision BOOLEAN,"
              + " stale BOOLEAN, features_written_at TIMESTAMP, warnings VARCHAR,"
              + " violations VARCHAR)");
      try (DuckDBAppender appender =
          database
              .connection()
              .unwrap(DuckDBConnection.class)
              .createAppender("main", "predictions")) {
        for (BatchPrediction prediction : predictions) {
          append(prediction, appender);
        }
      }
      database.writeParquet("SELECT * FROM predictions", file);
    }
  }

  private static void append(BatchPrediction prediction, DuckDBAppender appender)
      throws SQLException {
    appender.beginRow();
    appender.append(prediction.entity());
    if (prediction.probability() == null || prediction.decision() == null) {
      appender.appendNull().appendNull();
    } else {
      appender.append(prediction.probability().doubleValue());
      appender.append(prediction.decision().booleanValue());
    }
    appender.append(prediction.stale());
    appender.append(LocalDateTime.ofInstant(prediction.featuresWrittenAt(), ZoneOffset.UTC));
    for (String text : new String[] {prediction.warnings(), prediction.violations()}) {
      if (text == null) {
        appender.appendNull();
      } else {
        appender.append(text);
      }
    }
    appender.endRow();
  }

  /** Adds what was scored to a digest, in the order of the file. */
  public static void addTo(PredictionsDigest digest, Path file) throws SQLException {
    try (DuckDb database = open(file);
        Statement statement = database.connection().createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT entity_key, probability, decision FROM read_parquet("
                    + DuckDb.text(file.toString())
                    + ") WHERE probability IS NOT NULL")) {
      while (rows.next()) {
        digest.add(rows.getString(1), rows.getDouble(2), rows.getBoolean(3));
      }
    }
  }

  private static DuckDb open(Path file) throws SQLException {
    return DuckDb.open(file.toAbsolutePath().resolveSibling("duckdb"));
  }
}
