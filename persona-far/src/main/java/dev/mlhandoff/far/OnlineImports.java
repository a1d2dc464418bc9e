package dev.mlhandoff.far;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.far.PartnerFeatures.Imported;
import dev.mlhandoff.messages.FeatureView;
import dev.mlhandoff.messages.FederatedImport;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.runtime.TransientException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Which online rows of other projects a project's rows are read together with, and who reads what;
 * written again without harm.
 */
final class OnlineImports {

  private static final int BATCH = 1000;

  private final JdbcTemplate jdbc;

  OnlineImports(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** A project's version that reads a view. */
  record User(String modelId, String version, String viewVersion) {}

  /**
   * Writes the imports of a run with their keys; may be called again.
   *
   * @param digest names the online rows of the importing project
   * @throws TransientException if the PostgreSQL database does not answer
   */
  void write(String view, String digest, String version, List<Imported> imports, DuckDb database)
      throws SQLException {
    try {
      for (int position = 0; position < imports.size(); position++) {
        Imported one = imports.get(position);
        writeImport(view, digest, version, position, one.granted());
        writeKeys(view, digest, position, one.keysTable(), database);
      }
    } catch (DataAccessResourceFailureException
        | TransientDataAccessException
        | RecoverableDataAccessException e) {
      throw new TransientException("the online feature table cannot be reached", e);
    }
  }

  /** The newest version of each model that reads the view, and the version of the view it reads. */
  List<User> usersOf(String project, String view) {
    return jdbc.query(
        "SELECT DISTINCT ON (view) view, version, source_version FROM far.online_imports WHERE"
            + " source_project = ? AND source_view = ? ORDER BY view, string_to_array(version,"
            + " '.')::int[] DESC",
        (row, n) -> new User(row.getString(1), row.getString(2), row.getString(3)),
        project,
        view);
  }

  private void writeImport(
      String view, String digest, String version, int position, FederatedImport one) {
    FeatureView source = one.view();
    Map<String, String> columns = new TreeMap<>();
    one.columns().forEach(column -> columns.put(column.name(), column.feature()));
    jdbc.update(
        "INSERT INTO far.online_imports (view, digest, position, version, source_project,"
            + " source_view, source_version, source_digest, columns) VALUES (?, ?, ?, ?, ?, ?, ?, ?,"
            + " ?::jsonb) ON CONFLICT DO NOTHING",
        view,
        digest,
        position,
        version,
        source.project(),
        source.name(),
        source.version(),
        source.featureDigest(),
        new String(Json.write(columns), StandardCharsets.UTF_8));
  }

  private void writeKeys(
      String view, String digest, int position, String keysTable, DuckDb database)
      throws SQLException {
    List<Object[]> batch = new ArrayList<>();
    try (Statement statement = database.connection().createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT local_key, entity_key FROM " + DuckDb.name(keysTable) + " ORDER BY 1")) {
      while (row.next()) {
        batch.add(new Object[] {view, digest, position, row.getString(1), row.getString(2)});
        if (batch.size() == BATCH) {
          insertKeys(batch);
        }
      }
    }
    if (!batch.isEmpty()) {
      insertKeys(batch);
    }
  }

  private void insertKeys(List<Object[]> batch) {
    jdbc.batchUpdate(
        "INSERT INTO far.online_import_keys (view, digest, position, entity_key, source_key) VALUES"
            + " (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        batch);
    batch.clear();
  }
}
