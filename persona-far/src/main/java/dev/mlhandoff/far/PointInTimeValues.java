package dev.mlhandoff.far;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.store.OfflineTable;
import dev.mlhandoff.messages.FeatureView;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.runtime.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Looks values up in the offline table, as of given moments. */
final class PointInTimeValues {

  private final ArtifactStore artifacts;
  private final Path workDirectory;

  PointInTimeValues(ArtifactStore artifacts, Path workDirectory) {
    this.artifacts = artifacts;
    this.workDirectory = workDirectory;
  }

  /** An entity and the moment for which its values are asked. */
  record Pair(String entity, Instant at) {}

  /**
   * What was known then.
   *
   * @param eventTime the moment the values describe; null if nothing was known
   * @param expired whether they were older than their time to live, and are missing therefore
   */
  record Values(
      String entity,
      Instant at,
      @Nullable Instant eventTime,
      boolean expired,
      Map<String, @Nullable Object> values) {}

  /**
   * The values, in the order of the pairs.
   *
   * @param versions of one view, the oldest first; later ones may hold corrections of earlier ones
   * @param features names that the newest of the versions has
   * @throws RejectionException if a partition is gone or was changed
   */
  List<Values> find(List<FeatureView> versions, List<String> features, List<Pair> pairs)
      throws IOException, SQLException, RejectionException {
    try (TemporaryFolder folder = TemporaryFolder.in(workDirectory, "retrieval");
        DuckDb database = DuckDb.open(folder.path())) {
      List<Path> partitions = new ArrayList<>();
      for (FeatureView version : versions) {
        Path file = folder.resolve(partitions.size() + ".parquet");
        artifacts.fetch(version.offline(), file);
        partitions.add(file);
      }
      database.execute("CREATE TABLE pairs (number INTEGER, entity_key VARCHAR, as_of TIMESTAMP)");
      database.execute(
          IntStream.range(0, pairs.size())
              .mapToObj(
                  i ->
                      "(%d, %s, %s)"
                          .formatted(
                              i,
                              DuckDb.text(pairs.get(i).entity()),
                              OfflineTable.timestamp(pairs.get(i).at())))
              .collect(Collectors.joining(", ", "INSERT INTO pairs VALUES ", "")));
      FeatureView newest = versions.get(versions.size() - 1);
      Map<String, Duration> own = new HashMap<>();
      for (FeatureView.Feature feature : newest.features()) {
        Duration timeToLive = feature.timeToLive();
        if (timeToLive != null) {
          own.put(feature.name(), timeToLive);
        }
      }
      new OfflineTable(database, partitions)
          .retrieve("pairs", features, newest.timeToLive(), own, "found");
      return read(database, features, pairs);
    }
  }

  private static List<Values> read(DuckDb database, List<String> features, List<Pair> pairs)
      throws SQLException {
    String columns =
        features.stream().map(name -> ", " + DuckDb.name(name)).collect(Collectors.joining());
    List<Values> all = new ArrayList<>();
    try (Statement statement = database.connection().createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT expired, epoch_us(event_time)" + columns + " FROM found ORDER BY number")) {
      while (row.next()) {
        boolean expired = row.getBoolean(1);
        long micros = row.getLong(2);
        Instant eventTime =
            row.wasNull() ? null : Instant.EPOCH.plus(Duration.ofNanos(micros * 1000));
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (int i = 0; i < features.size(); i++) {
          values.put(features.get(i), row.getObject(i + 3));
        }
        Pair pair = pairs.get(all.size());
        all.add(new Values(pair.entity(), pair.at(), eventTime, expired, values));
      }
    }
    return all;
  }
}
